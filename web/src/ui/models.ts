// Which model: its size before anything is downloaded, one's own by its address, and what is stored on this machine.
import {WorkerFailure, type Client} from '../client';
import type {ModelInfo} from '../protocol';
import {find, make, megabytes} from './dom';

interface Listed {
  label: string;
  url: string;
  bytes: number;
  meaningless: boolean;
}

const MEANINGLESS = 'This copy of the page has no trained model in it. The model below has random weights: it shows how the page works, and its words mean nothing.';

export class Models {
  private readonly select = find<HTMLSelectElement>('model');
  private readonly info = find('model-info');
  private listed: Listed[] = [];

  constructor(private readonly base: string, private readonly client: Client, private readonly changed: () => void) {
    this.select.addEventListener('change', () => this.choose());
    find('own').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.addOwn(find<HTMLInputElement>('own-url').value.trim());
    });
    find('clear-cache').addEventListener('click', async () => {
      await this.client.clear();
      await this.refresh();
    });
  }

  get url(): string {
    return new URL(this.select.value, this.base).href;
  }

  async load(): Promise<void> {
    this.listed = (await (await fetch(new URL('models.json', this.base))).json()) as Listed[];
    for (const model of this.listed) this.select.append(make('option', {value: model.url, textContent: `${model.label}, ${megabytes(model.bytes)}`}));
    await this.choose();
  }

  // What is on this machine, after a download or a clearing.
  async refresh(): Promise<void> {
    const {bytes, keeps} = await this.client.stored();
    find('stored').textContent = !keeps ? 'This browser keeps no files for this page: models last for this visit.' : bytes ? `${megabytes(bytes)} of models on this machine` : 'No models on this machine yet';
    find<HTMLButtonElement>('clear-cache').disabled = bytes === 0;
    try {
      this.tell(await this.client.inspect(this.url));
    } catch (error) {
      this.info.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  private tell({bytes, missing, quantize, imageSize}: ModelInfo): void {
    const where = missing === 0 ? 'on this machine' : missing === bytes ? `${megabytes(bytes)} to download at the first caption` : `${megabytes(missing)} of ${megabytes(bytes)} still to download`;
    this.info.textContent = `${quantize === 'none' ? 'float32' : quantize} weights, images at ${imageSize} x ${imageSize} pixels; ${where}.`;
  }

  private async choose(): Promise<void> {
    const listed = this.listed.find((model) => model.url === this.select.value);
    const notice = find('notice');
    notice.hidden = !listed?.meaningless;
    notice.textContent = listed?.meaningless ? MEANINGLESS : '';
    this.changed();
    await this.refresh();
  }

  private async addOwn(address: string): Promise<void> {
    if (!address) return;
    const show = (text: string) => (this.info.textContent = text);
    let url: URL;
    try {
      url = new URL(address, this.base);
    } catch {
      show(`${address} is not a web address.`);
      return;
    }
    if (!url.pathname.endsWith('.json')) url.pathname = `${url.pathname.replace(/\/$/, '')}/manifest.json`;
    try {
      const info = await this.client.inspect(url.href);
      if (![...this.select.options].some((option) => option.value === url.href)) {
        this.select.append(make('option', {value: url.href, textContent: `${info.name} of ${url.host}, ${megabytes(info.bytes)}`}));
      }
      this.select.value = url.href;
      await this.choose();
    } catch (error) {
      show(error instanceof WorkerFailure ? error.message : String(error));
    }
  }
}
