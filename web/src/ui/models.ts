// Which model: what it is and weighs before anything is downloaded, one's own by its address, what is on this machine.
import {Stopped, type ModelClient} from '../client';
import type {ModelInfo, Program} from '../protocol';
import type {ListedModel, Site} from '../site';
import {find, make, megabytes, tell} from './dom';

const MEANINGLESS = 'This copy of the page has no trained model in it. The model below has random weights: it shows how the page works, and its words mean nothing.';

// What the service worker keeps of the programs (sw.js); null where it does not keep the page, or not all of it yet.
async function keptPrograms(base: string): Promise<Program[] | null> {
  if (!('caches' in globalThis)) return null;
  try {
    const answer = await caches.match(new URL('kept.json', base));
    return answer ? ['core', ...((await answer.json()) as {runtimes: Program[]}).runtimes] : null;
  } catch {
    return null;
  }
}

export class Models {
  private readonly select = find<HTMLSelectElement>('model');
  private readonly info = find('model-info');
  imageSize = 256; // of the model's input, once its manifest was read
  private readonly here = new Set<Program>(); // that were fetched in this visit
  private last: {info: ModelInfo; keeps: boolean} | null = null; // what was told

  constructor(private readonly base: string, private readonly site: Site, private readonly client: ModelClient, private readonly changed: () => void) {
    this.select.addEventListener('change', () => void this.choose());
    find('own').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.add(find<HTMLInputElement>('own-url').value.trim()).catch((error: unknown) => this.tellFailure(error));
    });
    const clear = find('clear-cache');
    clear.addEventListener('click', () => void tell(clear, async () => {
      await this.client.clear();
      await this.refresh();
      return 'Cleared';
    }));
  }

  // No other one is chosen while this one is at work.
  hold(on: boolean): void {
    this.select.disabled = on;
    for (const each of find('own').querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, button')) each.disabled = on;
    find('model-held').hidden = !on;
  }

  // These have been fetched, whoever did it.
  have(programs: Program[]): void {
    if (programs.every((each) => this.here.has(each))) return;
    for (const each of programs) this.here.add(each);
    if (this.last) void this.tell(this.last.info, this.last.keeps);
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
      await this.tell(await this.client.inspect(this.url), keeps);
    } catch (error) {
      if (!(error instanceof Stopped)) this.tellFailure(error); // the worker had to go for another question
    }
  }

  private tellFailure(error: unknown): void {
    this.last = null;
    this.info.textContent = error instanceof Error ? error.message : String(error);
    find('weight').textContent = '';
  }

  private async tell(info: ModelInfo, keeps: boolean): Promise<void> {
    const {bytes, missing, runtimes, quantize, imageSize} = info;
    const told = (this.last = {info, keeps});
    const kept = await keptPrograms(this.base);
    if (this.last !== told) return;
    this.imageSize = imageSize;
    const needed: Program[] = ['core', ...runtimes];
    const lacking = (have: Iterable<Program>) => needed.filter((each) => ![...have].includes(each));
    const programs = lacking([...this.here, ...(kept ?? [])]).reduce((sum, each) => sum + this.site.programBytes[each], 0);
    const where = missing === 0 ? 'on this machine' : missing === bytes ? `${megabytes(bytes)} to download at the first caption` : `${megabytes(missing)} of ${megabytes(bytes)} still to download`;
    this.info.textContent = `${quantize === 'none' ? 'float32' : quantize} weights, images at ${imageSize} x ${imageSize} pixels; ${where}.`;
    const weight = find('weight');
    if (missing && programs) weight.textContent = `The first caption downloads ${megabytes(missing + programs)}: ${megabytes(missing)} of the model and ${megabytes(programs)} of the program that runs it.`;
    else if (missing) weight.textContent = `The first caption downloads ${megabytes(missing)}: the model.`;
    else if (programs) weight.textContent = `Downloads ${megabytes(programs)} more at the first caption (the program that runs the model).`;
    else if (!keeps) weight.textContent = 'The model is here for this visit; this browser keeps nothing for the next one.';
    else if (!kept || lacking(kept).length) weight.textContent = 'The model is on this machine; the page itself still needs the network.';
    else weight.textContent = 'Everything is on this machine: works without a network.';
    this.facts(info.weights);
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
