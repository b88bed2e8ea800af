// The download of a model: bytes, seconds, and the files.
import type {Progress} from '../protocol';
import {find, make, megabytes} from './dom';

const SETTLE_MS = 700; // before that a rate is a guess

function seconds(value: number): string {
  if (value < 90) return `${Math.max(1, Math.round(value))} s left`;
  return `${Math.round(value / 60)} min left`;
}

export class Download {
  private began = 0;

  event(event: Progress): void {
    if (event.type === 'stage') {
      if (event.stage === 'download') this.start();
      else this.end();
    } else if (event.type === 'download') {
      this.show(event);
    }
  }

  end(): void {
    find('download').hidden = true;
  }

  private start(): void {
    this.began = performance.now();
    find('download-files').replaceChildren();
    find('download').hidden = false;
  }

  private show(event: Extract<Progress, {type: 'download'}>): void {
    find<HTMLProgressElement>('download-bar').value = event.done / Math.max(1, event.total);
    const passed = performance.now() - this.began;
    const rate = event.fetched / (passed / 1000); // bytes a second
    const left = event.total - event.done;
    const pace = passed > SETTLE_MS && event.fetched > 0 && left > 0 ? `, ${megabytes(rate)}/s, ${seconds(left / rate)}` : '';
    find('download-amount').textContent = `${megabytes(event.done)} of ${megabytes(event.total)}${pace}`;
    const list = find('download-files');
    let line = [...list.children].find((item) => (item as HTMLElement).dataset.file === event.file) as HTMLElement | undefined;
    if (!line) {
      line = make('li', {}, make('span', {textContent: event.file}), make('span'));
      line.dataset.file = event.file;
      list.append(line);
    }
    const share = event.bytes ? Math.floor((100 * event.have) / event.bytes) : 100;
    (line.lastElementChild as HTMLElement).textContent = `${share} % of ${megabytes(event.bytes)}`;
  }
}
