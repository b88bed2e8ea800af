// What became of a pair: the caption as it is written, its numbers, and what went wrong.
import type {BackendInfo, CaptionResult, Progress, Stage} from '../protocol';
import {find, make, milliseconds, percent, percents} from './dom';
import {placesHeading, placesInWords} from './places';

export type State = 'idle' | 'running' | 'done' | 'error' | 'stopped';

const STAGES: Record<Stage, string> = {
  download: 'Downloading the model', load: 'Loading the model', test: 'Testing WebGPU against WebAssembly', prepare: 'Reading the images',
  vision: 'Looking at the images', prompt: 'Comparing', write: 'Writing', score: 'Weighing the caption',
};

// What the numbers come to, in words: a sentence of no change beside a high probability of change must not be a riddle.
export function verdict({changed, pChange, minPChange}: CaptionResult): string {
  if (pChange === null) return '';
  const [p, threshold] = percents(pChange, minPChange);
  if (minPChange > 0) {
    return pChange < minPChange
      ? `Told as unchanged: the probability of change, ${p}, is below ${threshold}, from which on this model tells of a change.`
      : changed
        ? `Told as a change: the probability of change, ${p}, reaches ${threshold}, from which on this model tells of one.`
        : `The probability of change, ${p}, reaches ${threshold}, from which on this model tells of a change, yet its likeliest words say that there is none.`;
  }
  if (!changed && pChange > 0.5) return `The likeliest sentence says that nothing changed, yet all such sentences together have only ${percent(1 - pChange)}.`;
  if (changed && pChange < 0.5) return `The likeliest sentence tells of a change, yet the sentences of no change together have ${percent(1 - pChange)}.`;
  return '';
}

export class ResultPanel {
  private words = '';
  private readonly caption = find('caption');

  idle(text: string): void {
    this.clear();
    this.state('idle', text);
  }

  start(): void {
    this.clear();
    this.state('running', 'Starting');
    find('status').textContent = 'Describing the change';
  }

  stage(stage: Stage): void {
    if (!this.words && this.caption.dataset.state === 'running') this.caption.textContent = STAGES[stage];
  }

  event(event: Progress): void {
    if (this.caption.dataset.state !== 'running') return;
    if (event.type === 'stage') return this.stage(event.stage);
    if (event.type !== 'text') return;
    this.words += event.text;
    if (!this.words) return;
    this.caption.classList.add('words');
    this.caption.textContent = this.words;
  }

  done(result: CaptionResult): void {
    this.state('done', result.caption || '(no words)');
    find('status').textContent = result.caption;
    const {confidence, pChange, minPChange} = result;
    const meter = (id: string, value: number | null, text: string) => {
      find(id).closest('.meter')?.toggleAttribute('hidden', value === null);
      find<HTMLMeterElement>(id).value = value ?? 0;
      find(`${id}-text`).textContent = text;
    };
    const [p, threshold] = pChange === null ? ['', percent(minPChange)] : minPChange > 0 ? percents(pChange, minPChange) : [percent(pChange), ''];
    meter('confidence', confidence, percent(confidence));
    meter('p-change', pChange, p);
    const tick = find('threshold');
    tick.hidden = result.minPChange <= 0;
    tick.style.left = `${100 * result.minPChange}%`;
    tick.title = `Threshold: ${threshold}`;
    find('verdict').textContent = verdict(result);
    find('verdict').hidden = verdict(result) === '';
    this.tellPlaces(result);
    const {prepare, vision, firstToken, tokensPerSecond} = result.timings;
    find('t-prepare').textContent = milliseconds(prepare);
    find('t-vision').textContent = milliseconds(vision);
    find('t-first').textContent = milliseconds(firstToken);
    find('t-speed').textContent = tokensPerSecond ? `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)}\u00a0tokens/s` : 'one token';
    for (const id of ['numbers', 'timings', 'record-actions']) find(id).hidden = false;
  }

  private tellPlaces(result: CaptionResult): void {
    const heading = placesHeading(result);
    find('places-title').textContent = heading;
    find('places-list').replaceChildren(...placesInWords(result).map((textContent) => make('li', {textContent})));
    find('places').hidden = heading === '';
  }

  // Words so far are shown as what they are: a piece.
  stopped(): void {
    const words = this.words.trim();
    this.clear();
    this.state('stopped', words ? `${words} …` : '');
    find('stopped-note').textContent = words ? 'Stopped before the sentence was finished.' : 'Stopped before the first word.';
    find('stopped-note').hidden = false;
    find('status').textContent = find('stopped-note').textContent;
  }

  failed(message: string): void {
    this.clear();
    this.state('error', '');
    const error = find('error');
    error.textContent = message;
    error.hidden = false;
  }

  backend({backend, threads, note}: BackendInfo): void {
    const name = backend === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    find('backend').textContent = `Backend: ${name}${note ? ` (${note})` : ''}.`;
  }

  private state(state: State, text: string): void {
    this.caption.dataset.state = state;
    this.caption.textContent = text;
    this.caption.setAttribute('aria-busy', String(state === 'running'));
  }

  private clear(): void {
    this.words = '';
    this.caption.classList.remove('words');
    find('status').textContent = '';
    for (const id of ['numbers', 'places', 'timings', 'record-actions', 'verdict', 'error', 'stopped-note']) find(id).hidden = true;
  }
}
