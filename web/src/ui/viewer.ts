// The two images over each other with a divider that mouse, finger and arrow keys move, and the saliency above them.
import type {Picture} from '../protocol';
import {find} from './dom';

const STEP = 2; // percent an arrow key moves
const LEAP = 10;

// From transparent over amber to red: strong where the map is.
function colour(value: number): [number, number, number, number] {
  const t = Math.min(1, Math.max(0, value));
  return [255, Math.round(200 - 165 * t), Math.round(40 * (1 - t)), Math.round(255 * Math.min(1, t * 1.15))];
}

export class Viewer {
  private at = 50;
  private urls: string[] = [];
  private readonly frames = find('frames');
  private readonly handle = find('handle');
  private readonly canvas = find<HTMLCanvasElement>('saliency');
  private readonly opacity = find<HTMLInputElement>('opacity');

  constructor() {
    const drag = (event: PointerEvent) => {
      const box = this.frames.getBoundingClientRect();
      this.move((100 * (event.clientX - box.left)) / box.width);
    };
    this.frames.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.frames.setPointerCapture(event.pointerId);
      drag(event);
      this.handle.focus({preventScroll: true});
      event.preventDefault();
    });
    this.frames.addEventListener('pointermove', (event) => {
      if (this.frames.hasPointerCapture(event.pointerId)) drag(event);
    });
    const keys: Record<string, () => number> = {
      ArrowLeft: () => this.at - STEP, ArrowDown: () => this.at - STEP, ArrowRight: () => this.at + STEP, ArrowUp: () => this.at + STEP,
      PageDown: () => this.at - LEAP, PageUp: () => this.at + LEAP, Home: () => 0, End: () => 100,
    };
    this.handle.addEventListener('keydown', (event) => {
      const next = keys[event.key];
      if (!next) return;
      event.preventDefault();
      this.move(next());
    });
    this.opacity.addEventListener('input', () => this.fade());
    this.move(50);
  }

  // Shows the pair, or nothing where an image is missing or cannot be shown.
  show(before: Picture | null, after: Picture | null): void {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
    this.clearSaliency();
    const viewer = find('viewer');
    viewer.hidden = !before || !after;
    if (!before || !after) return;
    const put = (id: string, picture: Picture) => {
      const image = find<HTMLImageElement>(id);
      const url = URL.createObjectURL(picture.blob);
      this.urls.push(url);
      image.onerror = () => (viewer.hidden = true);
      image.onload = () => {
        if (id === 'view-after') this.frames.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
      };
      image.src = url;
    };
    put('view-before', before);
    put('view-after', after);
  }

  // values: [grid, grid], of any scale.
  saliency(grid: number, values: Float32Array): void {
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    const least = values.reduce((a, b) => Math.min(a, b), Infinity);
    const small = new OffscreenCanvas(grid, grid);
    const context = small.getContext('2d');
    const large = this.canvas.getContext('2d');
    if (!context || !large || grid * grid !== values.length) return;
    const pixels = new ImageData(grid, grid);
    values.forEach((value, i) => pixels.data.set(colour(most > least ? (value - least) / (most - least) : 0), 4 * i));
    context.putImageData(pixels, 0, 0);
    this.canvas.width = this.canvas.height = 512;
    large.imageSmoothingQuality = 'high';
    large.drawImage(small, 0, 0, 512, 512);
    for (const id of ['saliency', 'saliency-control', 'saliency-note']) find(id).hidden = false;
    this.fade();
  }

  clearSaliency(): void {
    for (const id of ['saliency', 'saliency-control', 'saliency-note']) find(id).hidden = true;
  }

  private fade(): void {
    this.canvas.style.opacity = String(Number(this.opacity.value) / 100);
  }

  private move(to: number): void {
    this.at = Math.round(Math.min(100, Math.max(0, to)));
    this.frames.style.setProperty('--at', `${this.at}%`);
    this.handle.setAttribute('aria-valuenow', String(this.at));
    this.handle.setAttribute('aria-valuetext', `${this.at} % of the earlier image shown`);
  }
}
