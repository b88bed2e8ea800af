// Which model: what it is and weighs before anything is downloaded, one's own by its address, what is on this machine.
import {Stopped, type ModelClient} from '../client';
import type {ModelInfo} from '../protocol';
import type {ListedModel, Site} from '../site';
import {find, make, megabytes} from './dom';

const MEANINGLESS = 'This copy of the page has no trained model in it. The model below has random weights: it shows how the page works, and its words mean nothing.';
const RUNTIME_CACHE = /ort-wasm-simd-threaded\.wasm\.gz$/;

export class Models {
  private readonly select = find<HTMLSelectElement>('model');
  private readonly info = find('model-info');
  imageSize = 256; // of the model's input, once its manifest was read

  constructor(private readonly base: string, private readonly site: Site, private readonly client: ModelClient, private readonly changed: () => void) {
    this.select.addEventListener('change', () => void this.choose());
    find('own').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.add(find<HTMLInputElement>('own-url').value.trim()).catch((error: unknown) => this.tellFailure(error));
    });
    find('clear-cache').addEventListener('click', async () => {
      await this.client.clear();
      await this.refresh();
    });
  }

  get url(): string {
    return new URL(this.select.value, this.base).href;
  }

  // asked: ?model=, the name of a listed model or the address of a manifest. Gives words where it cannot be had.
  async load(asked: string | null): Promise<string | null> {
    for (const model of this.site.models) this.select.append(make('option', {value: model.url, textContent: `${model.label}, ${megabytes(model.bytes)}`}));
    let refused: string | null = null;
    const listed = this.site.models.find(({name}) => name === asked);
    if (listed) this.select.value = listed.url;
    else if (asked !== null) refused = await this.addAsked(asked);
    await this.choose();
    return refused;
  }

  // What is on this machine, after a download or a clearing.
  async refresh(): Promise<void> {
    try {
      const {bytes, keeps} = await this.client.stored();
      find('stored').textContent = !keeps ? 'This browser keeps no files for this page: models last for this visit.' : bytes ? `${megabytes(bytes)} of models on this machine` : 'No models on this machine yet';
      find<HTMLButtonElement>('clear-cache').disabled = bytes === 0;
      await this.tell(await this.client.inspect(this.url));
    } catch (error) {
      if (!(error instanceof Stopped)) this.tellFailure(error); // the worker had to go for another question
    }
  }

  private tellFailure(error: unknown): void {
    this.info.textContent = error instanceof Error ? error.message : String(error);
    find('weight').textContent = '';
  }

  private async tell(info: ModelInfo): Promise<void> {
    const {bytes, missing, needsRuntime, quantize, imageSize} = info;
    this.imageSize = imageSize;
    const runtime = needsRuntime && !(await this.hasRuntime()) ? this.site.runtimeBytes : 0;
    const where = missing === 0 ? 'on this machine' : missing === bytes ? `${megabytes(bytes)} to download at the first caption` : `${megabytes(missing)} of ${megabytes(bytes)} still to download`;
    this.info.textContent = `${quantize === 'none' ? 'float32' : quantize} weights, images at ${imageSize} x ${imageSize} pixels; ${where}.`;
    find('weight').textContent = missing + runtime === 0 ? 'Everything is on this machine: works without a network.' : missing === 0
      ? `Downloads ${megabytes(runtime)} more at the first caption (the program that runs the model).`
      : `The first caption downloads ${megabytes(missing + runtime)}: ${runtime ? `${megabytes(missing)} of the model and ${megabytes(runtime)} of the program that runs it` : 'the model'}.`;
    this.facts(info.weights);
  }

  // The service worker keeps the runtime once it was used.
  private async hasRuntime(): Promise<boolean> {
    if (!('caches' in globalThis)) return false;
    for (const name of await caches.keys()) {
      if ((await (await caches.open(name)).keys()).some(({url}) => RUNTIME_CACHE.test(url))) return true;
    }
    return false;
  }

  private facts(weights: string): void {
    const card = this.site.cards.find((each) => each.weights === weights);
    find('card').hidden = find('facts').hidden = !card;
    if (!card) return;
    find('card-short').textContent = card.short;
    find('card-summary').textContent = card.summary;
    find('card-trained').textContent = card.trained_on;
    find('card-quality').replaceChildren(...card.quality.map((textContent) => make('li', {textContent})));
  }

  private async choose(): Promise<void> {
    const listed: ListedModel | undefined = this.site.models.find((model) => model.url === this.select.value);
    const notice = find('notice');
    notice.hidden = !listed?.meaningless;
    notice.textContent = listed?.meaningless ? MEANINGLESS : '';
    this.changed();
    await this.refresh();
  }

  private async addAsked(asked: string): Promise<string | null> {
    const known = `This page has ${this.site.models.map(({name}) => name).join(', ')}`;
    if (!/^https?:\/\//.test(asked) && !asked.includes('/')) return `The address asks for the model ${JSON.stringify(asked)}, which is not here. ${known}; ?model= also takes the address of a manifest.json. The first one is used.`;
    try {
      await this.add(asked);
      return null;
    } catch (error) {
      return `The model that the address asks for cannot be used. ${error instanceof Error ? error.message : String(error)} The first one of this page is used.`;
    }
  }

  private async add(address: string): Promise<void> {
    if (!address) return;
    let url: URL;
    try {
      url = new URL(address, this.base);
    } catch {
      throw new Error(`${address} is not a web address.`);
    }
    if (!/^https?:$/.test(url.protocol)) throw new Error(`${address} is not a web address.`);
    if (!url.pathname.endsWith('.json')) url.pathname = `${url.pathname.replace(/\/$/, '')}/manifest.json`;
    const info = await this.client.inspect(url.href);
    if (![...this.select.options].some((option) => option.value === url.href)) {
      this.select.append(make('option', {value: url.href, textContent: `${info.name} of ${url.host}, ${megabytes(info.bytes)}`}));
    }
    this.select.value = url.href;
    await this.choose();
  }
}
