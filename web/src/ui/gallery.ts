// The example pairs: a click puts one into the two places.
import type {Picture} from '../protocol';
import {find, make} from './dom';

interface Example {
  id: string;
  title: string;
  before: string;
  after: string;
}

export async function showGallery(base: string, chosen: (id: string, before: Picture, after: Picture) => void): Promise<void> {
  const examples = (await (await fetch(new URL('examples/index.json', base))).json()) as Example[];
  const list = find('examples');
  find('gallery-note').hidden = !examples.some(({title}) => title);
  examples.forEach(({id, title, before, after}, index) => {
    const image = (path: string) => make('img', {src: new URL(path, base).href, alt: '', loading: 'lazy', decoding: 'async', width: 120, height: 120});
    const name = title || id.replaceAll(/[_-]/g, ' ');
    const thumbs = make('span', {className: 'thumbs'}, image(before), image(after));
    const button = make('button', {type: 'button'}, thumbs, make('span', {className: 'name', textContent: name}));
    button.setAttribute('aria-label', `Example ${index + 1}: ${name}`);
    button.setAttribute('aria-pressed', 'false');
    button.dataset.example = id;
    button.addEventListener('click', async () => {
      const fetched = async (path: string): Promise<Picture> => ({
        name: path.split('/').pop() as string,
        blob: await (await fetch(new URL(path, base))).blob(),
      });
      const [first, second] = await Promise.all([fetched(before), fetched(after)]);
      chosen(id, first, second);
      for (const each of list.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button));
    });
    list.append(make('li', {}, button));
  });
}

export function clearGallery(): void {
  for (const each of find('examples').querySelectorAll('button')) each.setAttribute('aria-pressed', 'false');
}
