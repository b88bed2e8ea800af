// The example pairs: a click runs one. What the model gets wrong is shown as that.
import {pictureOf} from '../intake';
import type {Picture} from '../protocol';
import type {Example, Site} from '../site';
import {find, make} from './dom';

export class Examples {
  constructor(private readonly base: string, private readonly examples: Example[], private readonly judged: Site['judged']) {}

  // `chosen` is called with the pictures fetched, `failed` with why they could not be.
  show(chosen: (example: Example, before: Picture, after: Picture) => void, failed: (message: string) => void): void {
    const list = find('examples');
    find('gallery-note').hidden = !this.examples.some(({title}) => title);
    if (this.examples.some(({found}) => found)) {
      const {right, total} = this.judged;
      find('gallery-judged').textContent = `The default model gets ${right} of the ${total} pairs that come with ccx right: they are here, and one where it fails.`;
    }
    this.examples.forEach((example, index) => {
      const name = example.title || example.id.replaceAll(/[_-]/g, ' ');
      const wrong = example.found && !example.found.right;
      const image = (path: string) => make('img', {src: new URL(path, this.base).href, alt: '', loading: 'lazy', decoding: 'async', width: 120, height: 120});
      const said = wrong ? [make('span', {className: 'wrong', textContent: 'The model fails here. '}), make('span', {className: 'said', textContent: ` It says: ${example.found?.caption}`})] : [];
      const button = make('button', {type: 'button', className: wrong ? 'failure' : ''}, make('span', {className: 'hidden', textContent: `Example ${index + 1}: `}), make('span', {className: 'thumbs'}, image(example.before), image(example.after)), ...said.slice(0, 1), make('span', {className: 'name', textContent: wrong ? `True: ${name}` : name}), ...said.slice(1));
      button.setAttribute('aria-pressed', 'false');
      button.dataset.example = example.id;
      button.addEventListener('click', () => void this.choose(example, chosen, failed));
      list.append(make('li', {}, button));
    });
  }

  find(id: string): Example | undefined {
    return this.examples.find((example) => example.id === id);
  }

  async choose(example: Example, chosen: (example: Example, before: Picture, after: Picture) => void, failed: (message: string) => void): Promise<void> {
    this.press(example.id);
    try {
      const [before, after] = await Promise.all([this.fetched(example.before), this.fetched(example.after)]);
      if (this.pressed === example.id) chosen(example, before, after);
    } catch (error) {
      if (this.pressed === example.id) failed(error instanceof Error ? error.message : String(error));
    }
  }

  private pressed: string | null = null;

  // Marks the example that is shown, or none.
  press(id: string | null): void {
    this.pressed = id;
    for (const button of find('examples').querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.example === id));
  }

  private async fetched(path: string): Promise<Picture> {
    const name = path.split('/').pop() as string;
    const response = await fetch(new URL(path, this.base)).catch(() => null);
    if (!response) throw new Error(navigator.onLine ? `The example ${name} could not be fetched: the server does not answer.` : `The example ${name} could not be fetched: there is no network.`);
    if (!response.ok) throw new Error(`The example ${name} could not be fetched: the server answers ${response.status}.`);
    return pictureOf(name, await response.blob());
  }
}
