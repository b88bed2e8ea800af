// Small helpers around the document.

// The element of that id, which index.html has.
export function find<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element as T;
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Partial<HTMLElementTagNameMap[K]> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function milliseconds(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)}\u00a0s` : `${Math.round(ms)}\u00a0ms`;
}

// 0.004 is "0.4 %", 0.996 "99.6 %": near the ends a decimal tells what a whole number hides.
export function percent(value: number): string {
  if (value > 0 && value < 0.0005) return '<\u00a00.1\u00a0%';
  if (value < 1 && value >= 0.9995) return '>\u00a099.9\u00a0%';
  return `${(100 * value).toFixed((value > 0 && value < 0.1) || (value > 0.99 && value < 1) ? 1 : 0)}\u00a0%`;
}

// `value` beside another one: with as many decimals as tell the two apart.
export function percents(value: number, other: number): [string, string] {
  const most = 6;
  const both = (write: (each: number) => string): [string, string] => [write(value), write(other)];
  let told = both(percent);
  for (let decimals = 1; value !== other && told[0] === told[1] && decimals <= most; ++decimals) told = both((each) => `${(100 * each).toFixed(decimals)}\u00a0%`);
  return told;
}

export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], {type}));
  make('a', {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// A picture on a canvas, at most `side` pixels long where that is given.
export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, side = Infinity): void {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
}

const resets = new WeakMap<HTMLElement, number>();

// A button says for a moment what became of it, and longer what went wrong. Pressed again meanwhile, it says that for as long again.
export async function tell(button: HTMLElement, act: () => Promise<string>): Promise<void> {
  const label = (button.dataset.label ??= button.textContent ?? '');
  let stays = 1500;
  try {
    button.textContent = await act();
  } catch (error) {
    button.textContent = error instanceof Error ? error.message : String(error);
    stays = 8000;
  }
  clearTimeout(resets.get(button));
  resets.set(button, setTimeout(() => (button.textContent = label), stays));
}

export const copyText = (text: string): Promise<string> => navigator.clipboard.writeText(text).then(() => 'Copied', () => 'The browser refused');
