// The pair in the two places, from a click on Run to its caption. A result belongs to the pictures it was made from: when
// they change, what is running ends and is thrown away.
import {Stopped, WorkerFailure, type ModelClient, type Reader} from './client';
import type {CaptionResult, Loaded, Picture} from './protocol';
import {find} from './ui/dom';
import type {ResultPanel} from './ui/result';
import type {Slots} from './ui/slots';
import type {Viewer} from './ui/viewer';

interface Job {
  before: Picture;
  after: Picture;
  halt: AbortController;
}

export class Describer {
  private job: Job | null = null;
  result: CaptionResult | null = null; // what is shown, of the pictures that are shown
  private isTold = false; // what went wrong or was stopped stands there, of the pictures that are shown
  private readonly runButton = find('run');
  private readonly stopButton = find('stop');

  constructor(
    private readonly client: ModelClient, private readonly reader: Reader, private readonly slots: Slots,
    private readonly panel: ResultPanel, private readonly viewer: Viewer,
    private readonly load: (model: string) => Promise<Loaded>, private readonly modelUrl: () => string, private readonly idOf: (before: Picture) => string,
  ) {
    this.runButton.addEventListener('click', () => void this.run());
    this.stopButton.addEventListener('click', () => this.stop());
  }

  get isRunning(): boolean {
    return this.job !== null;
  }

  // Other pictures are shown: nothing that was said of the old ones stays.
  pictureChanged(): void {
    this.job?.halt.abort();
    this.end();
    this.result = null;
    this.isTold = false;
    this.invite();
  }

  // Something that was wanted cannot be had: it stands there until other pictures come.
  refuse(message: string): void {
    this.isTold = true;
    this.panel.failed(message);
  }

  // A result that is known already, of the pictures that are shown.
  show(result: CaptionResult): void {
    this.result = result;
    this.panel.done(result);
    this.viewer.maps(result);
  }

  invite(): void {
    if (this.job || this.result || this.isTold) return;
    const sides = ['before', 'after'] as const;
    const wrong = sides.map((side) => this.slots.error(side)).filter(Boolean);
    if (wrong.length) return this.panel.failed(wrong.join(' '));
    const [before, after] = sides.map((side) => this.slots.get(side));
    const opened = sides.every((side) => this.slots.look(side));
    this.panel.idle(opened ? 'Ready.' : before && after ? 'Opening the images' : before || after ? `Now choose the ${before ? 'after' : 'before'} image.` : 'Choose two images of one place, or start from an example.');
  }

  async run(): Promise<void> {
    if (!this.job) this.slots.reopen();
    const chosen = this.job ? null : this.chosen();
    if (!chosen) return;
    const job: Job = {...chosen, halt: new AbortController()};
    this.job = job;
    this.result = null;
    this.isTold = false;
    this.slots.mark(null);
    this.viewer.clearMaps();
    this.panel.start();
    this.runButton.setAttribute('aria-disabled', 'true');
    this.stopButton.hidden = false;
    const still = () => this.job === job;
    const model = this.modelUrl(); // whatever is chosen meanwhile
    try {
      const {imageSize} = await this.load(model);
      if (!still()) return;
      this.panel.stage('prepare');
      const pixels = await this.reader.pixels(job.before, job.after, imageSize);
      if (!still()) return;
      const {name: before} = job.before;
      const result = await this.client.caption({model, id: this.idOf(job.before), before, after: job.after.name, pixels}, {signal: job.halt.signal, listen: (event) => still() && this.panel.event(event)});
      if (!still()) return;
      this.end();
      if (result.stopped) this.tellStopped();
      else this.show(result);
    } catch (error) {
      if (!still()) return;
      this.end();
      this.fail(error);
    }
  }

  stop(): void {
    const {job} = this;
    if (!job) return;
    job.halt.abort();
    this.client.haltLoad();
    this.end();
    this.tellStopped();
  }

  private tellStopped(): void {
    this.isTold = true;
    this.panel.stopped();
  }

  private end(): void {
    this.job = null;
    this.runButton.removeAttribute('aria-disabled');
    if (document.activeElement === this.stopButton) this.runButton.focus();
    this.stopButton.hidden = true;
  }

  private fail(error: unknown): void {
    if (error instanceof Stopped) return this.tellStopped();
    this.refuse(error instanceof Error ? error.message : String(error));
    if (error instanceof WorkerFailure && error.failure.side) this.slots.mark(error.failure.side);
  }

  private chosen(): {before: Picture; after: Picture} | null {
    const [before, after] = [this.slots.get('before'), this.slots.get('after')];
    const wrong = (['before', 'after'] as const).filter((side) => this.slots.error(side));
    if (wrong.length) {
      this.refuse(wrong.map((side) => this.slots.error(side)).join(' '));
      return null;
    }
    if (before && after) return {before, after};
    const missing = before ? 'after' : 'before';
    this.refuse(before || after ? `One image is missing: choose the ${missing} image.` : 'Choose two images first: one from before and one from after.');
    this.slots.mark(missing);
    find(`file-${missing}`).focus();
    return null;
  }
}
