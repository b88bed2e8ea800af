// The page: what a person does on one side, the worker on the other.
import {Client, Stopped, WorkerFailure} from './client';
import type {Event, Failure, Pair} from './protocol';
import {find} from './ui/dom';
import {Folder} from './ui/folder';
import {clearGallery, showGallery} from './ui/gallery';
import {Models} from './ui/models';
import {ResultPanel} from './ui/result';
import {Slots} from './ui/slots';
import {Viewer} from './ui/viewer';

const base = new URL('./', document.baseURI).href;
const asked = new URLSearchParams(location.search);
const threads = Number(asked.get('threads'));

const result = new ResultPanel();
const viewer = new Viewer();
const client = new Client(
  {base, backend: asked.get('backend'), threads: Number.isInteger(threads) && threads > 0 ? threads : null},
  (event: Event) => result.event(event));

let running = false;
let example: string | null = null; // its id, while an example is in the two places

const runButton = find<HTMLButtonElement>('run');
const stopButton = find<HTMLButtonElement>('stop');
const folderInput = find<HTMLInputElement>('folder');

const slots = new Slots(
  () => {
    example = null;
    clearGallery();
    const [before, after] = [slots.get('before'), slots.get('after')];
    viewer.show(before, after);
    if (running) return;
    result.idle(before && after ? 'Ready.' : before || after ? `Now choose the ${before ? 'after' : 'before'} image.` : 'Choose two images of one place, or start from an example.');
  },
  (message) => result.failed(message));
const models = new Models(base, client, () => {
  if (!running) find('backend').textContent = '';
});
new Folder(client, async () => {
  if (running) return null;
  setRunning(true);
  result.start();
  try {
    result.backend(await client.load(models.url));
    await models.refresh();
    result.state('running', 'Captioning the folder');
    return () => {
      setRunning(false);
      result.idle('The captions of the folder are below.');
    };
  } catch (error) {
    setRunning(false);
    showError(error);
    throw error;
  }
}, () => client.load(models.url));

function setRunning(now: boolean): void {
  running = now;
  runButton.disabled = now;
  folderInput.disabled = now;
  stopButton.hidden = !now;
}

function showError(error: unknown): void {
  if (error instanceof Stopped) return result.stopped();
  result.failed(error instanceof Error ? error.message : String(error));
  if (!(error instanceof WorkerFailure)) return;
  const {code, message}: Failure = error.failure;
  if (code === 'decode_image' || code === 'too_large') {
    slots.mark(message.startsWith(slots.get('before')?.name ?? '\0') ? 'before' : 'after');
  }
}

function chosenPair(): Pair | null {
  const [before, after] = [slots.get('before'), slots.get('after')];
  if (before && after) return {id: example ?? before.name.replace(/\.[^.]*$/, ''), before, after};
  const missing = before ? 'after' : 'before';
  result.failed(before || after ? `One image is missing: choose the ${missing} image.` : 'Choose two images first: one from before and one from after.');
  slots.mark(missing);
  find(`file-${missing}`).focus();
  return null;
}

async function describe(): Promise<void> {
  const pair = running ? null : chosenPair();
  if (!pair) return;
  setRunning(true);
  slots.mark(null);
  viewer.clearSaliency();
  result.start();
  try {
    result.backend(await client.load(models.url));
    void models.refresh();
    const caption = await client.caption(pair);
    result.done(caption);
    if (slots.get('after') === pair.after) viewer.saliency(caption.saliency.grid, caption.saliency.values);
  } catch (error) {
    showError(error);
  } finally {
    setRunning(false);
  }
}

runButton.addEventListener('click', () => void describe());
stopButton.addEventListener('click', () => client.stop());

// On a phone the examples are a screen below the place they go to.
function comeIntoView(element: HTMLElement): void {
  if (element.getBoundingClientRect().top >= 0) return;
  element.scrollIntoView({block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'});
}

async function begin(): Promise<void> {
  await showGallery(base, (id, before, after) => {
    slots.set('both', before, after);
    example = id;
    document.querySelector(`[data-example="${CSS.escape(id)}"]`)?.setAttribute('aria-pressed', 'true');
    comeIntoView(find('pair'));
  });
  await models.load();
  if ('serviceWorker' in navigator && import.meta.env.PROD) await navigator.serviceWorker.register(new URL('sw.js', base));
}

begin().catch((error: unknown) => result.failed(`The page could not start: ${error instanceof Error ? error.message : String(error)}. Reload it.`));
