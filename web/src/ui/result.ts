// What became of a pair: the caption as it is written, its numbers, its record, and what went wrong.
import type {BackendInfo, CaptionResult, Event} from '../protocol';
import {find, make, megabytes, milliseconds, percent, saveFile} from './dom';

export type State = 'idle' | 'running' | 'done' | 'error' | 'stopped';

const STAGES: Record<string, string> = {
  download: 'Downloading the model', load: 'Loading the model', test: 'Testing WebGPU against WebAssembly', prepare: 'Reading the images',
  vision: 'Looking at the images', prompt: 'Comparing', write: 'Writing', score: 'Weighing the caption',
};

export class ResultPanel {
  private record = '';
  private id = 'pair';
  private words = '';
  private readonly caption = find('caption');

  constructor() {
    find('copy').addEventListener('click', async () => {
      const button = find('copy');
      try {
        await navigator.clipboard.writeText(this.record);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'The browser refused';
      }
      setTimeout(() => (button.textContent = 'Copy record'), 1500);
    });
    find('save').addEventListener('click', () => saveFile(`${this.id.replaceAll(/[^\w.-]+/g, '_')}.json`, `${this.record}\n`, 'application/json'));
  }

  state(state: State, text: string): void {
    this.caption.dataset.state = state;
    this.caption.textContent = text;
    this.caption.setAttribute('aria-busy', String(state === 'running'));
  }

  idle(text: string): void {
    this.hideNumbers();
    this.state('idle', text);
    find('error').hidden = true;
  }

  start(): void {
    this.hideNumbers();
    this.words = '';
    this.caption.classList.remove('words');
    find('error').hidden = true;
    this.state('running', 'Starting');
    find('status').textContent = 'Describing the change';
  }

  event(event: Event): void {
    if (event.type === 'stage') {
      find('download').hidden = event.stage !== 'download';
      if (!this.words && this.caption.dataset.state === 'running') this.caption.textContent = STAGES[event.stage];
    } else if (event.type === 'text' && this.caption.dataset.state === 'running') {
      this.words += event.text;
      if (this.words) {
        this.caption.classList.add('words');
        this.caption.textContent = this.words;
      }
    } else if (event.type === 'download') {
      this.download(event);
    }
  }

  done(result: CaptionResult): void {
    this.record = result.record;
    this.id = result.id;
    this.state(result.stopped ? 'stopped' : 'done', result.caption || '(no words)');
    find('status').textContent = `${result.stopped ? 'Stopped. ' : ''}${result.caption}`;
    const meter = (id: string, value: number | null) => {
      find(id).parentElement?.toggleAttribute('hidden', value === null);
      find<HTMLMeterElement>(id).value = value ?? 0;
      find(`${id}-text`).textContent = value === null ? '' : percent(value);
    };
    meter('confidence', result.confidence);
    meter('p-change', result.pChange);
    const {prepare, vision, firstToken, tokensPerSecond} = result.timings;
    find('t-prepare').textContent = milliseconds(prepare);
    find('t-vision').textContent = milliseconds(vision);
    find('t-first').textContent = milliseconds(firstToken);
    find('t-speed').textContent = tokensPerSecond ? `${tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)} tokens/s` : 'one token';
    for (const id of ['numbers', 'timings', 'record-actions']) find(id).hidden = false;
  }

  stopped(): void {
    this.state('stopped', this.words || 'Stopped.');
    find('status').textContent = 'Stopped';
    find('download').hidden = true;
  }

  failed(message: string): void {
    this.hideNumbers();
    this.state('error', '');
    find('download').hidden = true;
    const error = find('error');
    error.textContent = message;
    error.hidden = false;
    find('status').textContent = '';
  }

  backend({backend, threads, note}: BackendInfo): void {
    const name = backend === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    find('backend').textContent = `Backend: ${name}${note ? ` (${note})` : ''}.`;
  }

  private download(event: Extract<Event, {type: 'download'}>): void {
    find<HTMLProgressElement>('download-bar').value = event.done / Math.max(1, event.total);
    find('download-amount').textContent = `${megabytes(event.done)} of ${megabytes(event.total)}`;
    const list = find('download-files');
    let line = [...list.children].find((item) => (item as HTMLElement).dataset.file === event.file);
    if (!line) {
      line = make('li', {}, make('span', {textContent: event.file}), make('span'));
      (line as HTMLElement).dataset.file = event.file;
      list.append(line);
    }
    const share = event.bytes ? Math.floor((100 * event.have) / event.bytes) : 100;
    (line.lastElementChild as HTMLElement).textContent = `${share} % of ${megabytes(event.bytes)}`;
  }

  private hideNumbers(): void {
    for (const id of ['numbers', 'timings', 'record-actions', 'download']) find(id).hidden = true;
    find('download-files').replaceChildren();
  }
}
