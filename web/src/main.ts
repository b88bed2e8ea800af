// The page: what a person does on one side, the two workers on the other.
import {ModelClient, Reader, WorkerFailure} from './client';
import {Describer} from './describe';
import {pictureOf} from './intake';
import type {Backend, Loaded, Picture, Start} from './protocol';
import {loadSite, type Example, type Site} from './site';
import {copyText, find, make, saveFile, tell} from './ui/dom';
import {Download} from './ui/download';
import {Examples} from './ui/examples';
import {Folder} from './ui/folder';
import {Models} from './ui/models';
import {pictureOfResult} from './ui/picture_card';
import {ResultPanel} from './ui/result';
import {Slots} from './ui/slots';
import {Viewer} from './ui/viewer';

const base = new URL('./', document.baseURI).href;
const asked = new URLSearchParams(location.search);
const panel = new ResultPanel();

function startOf(site: Site): Start {
  const threads = Number(asked.get('threads'));
  return {type: 'start', base, backend: asked.get('backend'), threads: Number.isInteger(threads) && threads > 0 ? threads : null, programBytes: site.programBytes};
}

// On a phone the examples are a screen below the place they go to.
function comeIntoView(element: HTMLElement): void {
  if (element.getBoundingClientRect().top >= 0) return;
  element.scrollIntoView({block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'});
}

// Where words stand below the pictures: so far down that they can be read too.
function showWords(): void {
  if (matchMedia('(min-width: 900px)').matches) return;
  find('caption').scrollIntoView({block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'});
}

const fileName = (id: string) => id.replaceAll(/[^\w.-]+/g, '_');

class Page {
  private example: Example | null = null; // while one is in the two places
  private areWordsWanted = false; // to be seen once the pictures have their size, unless a person has scrolled meanwhile
  private readonly viewer = new Viewer();
  private readonly download = new Download();
  private readonly client: ModelClient;
  private readonly reader: Reader;
  private readonly slots: Slots;
  private readonly models: Models;
  private readonly describer: Describer;
  private readonly folder: Folder;
  private readonly examples: Examples;

  constructor(private readonly site: Site) {
    const start = startOf(site);
    this.client = new ModelClient(start, (event) => {
      this.download.event(event);
      if (event.type === 'stage' && this.describer.isRunning) panel.stage(event.stage);
    });
    this.reader = new Reader(start);
    this.slots = new Slots(this.reader, {
      changed: () => this.pictureChanged(),
      opened: () => this.pictureOpened(),
      refused: (message) => {
        this.describer.pictureChanged();
        this.describer.refuse(message);
      },
      folder: (files, byList) => void this.folder.run(files, byList),
    });
    this.models = new Models(base, site, this.client, () => {
      find('backend').textContent = '';
      if (!this.describer?.result && !this.describer?.isRunning) return;
      this.client.haltLoad();
      this.pictureChanged(); // it was another model's
    });
    this.describer = new Describer(this.client, this.reader, this.slots, panel, this.viewer, (model) => this.load(model), () => this.models.url, (before) => this.example?.id ?? before.name.replace(/\.[^.]*$/, ''));
    this.folder = new Folder(this.client, this.reader, {
      load: (model) => this.load(model),
      model: () => this.models.url,
      running: (now) => {
        document.body.toggleAttribute('data-folder', now);
        this.models.hold(now);
      },
      opened: (before, after, item) => {
        this.slots.set(before && pictureOf(item.pair.before, before), after && pictureOf(item.pair.after, after));
        if (item.result) this.describer.show(item.result);
        comeIntoView(find('pair'));
      },
    });
    this.examples = new Examples(base, site.examples, site.judged);
    this.connectResult();
    for (const scrolled of ['wheel', 'touchmove']) addEventListener(scrolled, () => (this.areWordsWanted = false), {passive: true});
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      if (this.describer.isRunning) this.describer.stop();
      else this.folder.stop();
    });
  }

  async begin(): Promise<void> {
    const link = find<HTMLAnchorElement>('source-link');
    link.hidden = !this.site.source;
    if (this.site.source) link.href = this.site.source;
    const place = (example: Example, before: Picture, after: Picture) => {
      this.slots.set(before, after);
      this.example = example;
      this.examples.press(example.id);
      comeIntoView(find('pair'));
    };
    const failed = (message: string) => this.describer.refuse(message);
    this.examples.show((example, before, after) => {
      place(example, before, after);
      this.areWordsWanted = true;
      void this.describer.run().then(() => {
        if (this.areWordsWanted && this.example === example && !this.describer.isRunning) showWords(); // what has come above may have moved them
      });
    }, failed);
    const refused = await this.models.load(asked.get('model'));
    if (refused) this.tellAddress(refused);
    const wanted = asked.get('example');
    const example = wanted === null ? undefined : this.examples.find(wanted);
    if (example) await this.examples.choose(example, place, failed);
    else if (wanted !== null) this.tellAddress(`The address asks for the example ${JSON.stringify(wanted)}, which is not here.`);
    if ('serviceWorker' in navigator && import.meta.env.PROD) this.registering = navigator.serviceWorker.register(new URL('sw.js', base)).catch(() => undefined);
  }

  private tellAddress(message: string): void {
    const notice = find('address-notice');
    notice.append(make('span', {textContent: `${message} `}));
    notice.hidden = false;
  }

  private async load(model: string): Promise<Loaded> {
    const loaded = await this.client.load(model).finally(() => this.download.end());
    panel.backend(loaded.backend);
    this.models.have(['core', ...loaded.runtimes]);
    if (loaded.isNew || !this.kept) void this.keep(loaded.runtimes); // not for every pair of a folder
    return loaded;
  }

  private kept: Set<Backend> | null = null; // of what the service worker was told
  private registering: Promise<ServiceWorkerRegistration | undefined> = Promise.resolve(undefined); // of what keeps the page; undefined where it may not

  // What the page needs beyond its own files is kept for visits without a network once it was used.
  private async keep(runtimes: Backend[]): Promise<void> {
    const {kept} = this;
    const isKnown = kept !== null && runtimes.every((each) => kept.has(each));
    this.kept = new Set([...(kept ?? []), ...runtimes]);
    await this.models.refresh();
    if (isKnown) return;
    if (await this.registering) {
      const registration = await Promise.race([navigator.serviceWorker.ready, new Promise<null>((done) => setTimeout(done, 20_000, null))]);
      const channel = new MessageChannel();
      const done = new Promise<void>((resolve) => (channel.port1.onmessage = () => resolve()));
      registration?.active?.postMessage({type: 'keep', runtimes: [...this.kept]}, [channel.port2]);
      if (registration) await done;
    }
    await this.models.refresh();
    document.documentElement.dataset.kept = 'true';
  }

  private pictureChanged(): void {
    this.example = null;
    this.areWordsWanted = false;
    this.examples.press(null);
    this.viewer.show(null, null);
    this.tellPair([]);
    this.describer.pictureChanged();
    this.pictureOpened();
  }

  // One of the two has been opened, or could not be.
  private pictureOpened(): void {
    this.describer.invite();
    const [before, after] = [this.slots.get('before'), this.slots.get('after')];
    const [first, second] = [this.slots.look('before'), this.slots.look('after')];
    if (first || second) this.models.have(['core']);
    if (!before || !after || !first || !second) return;
    this.viewer.show(first, second);
    if (this.describer.result) this.viewer.maps(this.describer.result);
    if (this.areWordsWanted) showWords();
    this.reader.check(before, after, this.models.imageSize).then(
      (warnings) => {
        if (this.slots.get('before') === before && this.slots.get('after') === after) this.tellPair(warnings.map(({message}) => `${message[0].toUpperCase()}${message.slice(1)}.`));
      },
      (error: unknown) => {
        // What is wrong with one picture is told where it is opened.
        if (error instanceof WorkerFailure && error.failure.code === 'different_place') this.tellPair([error.message]);
      });
  }

  private tellPair(warnings: string[]): void {
    const notes = [...(this.slots.note ? [this.slots.note] : []), ...warnings];
    find('pair-notes').replaceChildren(...notes.map((textContent) => make('li', {textContent})));
    find('pair-notes').hidden = notes.length === 0;
    find('share').hidden = this.example === null;
  }

  private connectResult(): void {
    const result = () => this.describer.result;
    const button = (id: string, act: () => Promise<string>) => find(id).addEventListener('click', () => void tell(find(id), act));
    button('copy-sentence', () => copyText(result()?.caption.trim() ?? ''));
    button('copy', () => copyText(result()?.record ?? ''));
    button('share', () => {
      const url = new URL(base);
      url.searchParams.set('example', this.example?.id ?? '');
      const model = asked.get('model');
      if (model !== null) url.searchParams.set('model', model);
      return copyText(url.href);
    });
    find('save').addEventListener('click', () => {
      const shown = result();
      if (shown) saveFile(`${fileName(shown.id)}.json`, `${shown.record}\n`, 'application/json');
    });
    button('save-picture', async () => {
      const [shown, before, after] = [result(), this.slots.look('before'), this.slots.look('after')];
      if (!shown || !before || !after) return 'Nothing to save';
      saveFile(`${fileName(shown.id)}.png`, await pictureOfResult(before, after, shown, this.viewer.outlines), 'image/png');
      return 'Saved';
    });
  }
}

loadSite(base).then((site) => new Page(site).begin()).catch((error: unknown) => panel.failed(`The page could not start: ${error instanceof Error ? error.message : String(error)}. Reload it.`));
