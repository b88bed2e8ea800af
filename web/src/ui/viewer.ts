// The two images over each other with a divider that mouse, finger and arrow keys move; above them the outlines of what
// changed, and the saliency of the difference module.
import type {CaptionResult, Look, Outlines} from '../protocol';
import {draw, find, make} from './dom';
import {drawOutlines} from './outlines';
import {nameOf} from './places';

const STEP = 2; // percent an arrow key moves
const LEAP = 10;

// From transparent over amber to red: strong where the map is.
function colour(value: number): [number, number, number, number] {
  const t = Math.min(1, Math.max(0, value));
  return [255, Math.round(200 - 165 * t), Math.round(40 * (1 - t)), Math.round(255 * Math.min(1, t * 1.15))];
}

export class Viewer {
  private at = 50;
  private shown: Outlines | null = null;
  private readonly frames = find('frames');
  private readonly handle = find('handle');
  private readonly heat = find<HTMLCanvasElement>('saliency');
  private readonly opacity = find<HTMLInputElement>('opacity');
  private readonly lines = find('outlines');

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
    this.toggle('outlines-toggle', 'o');
    this.toggle('saliency-toggle', 's');
    this.move(50);
  }

  // Those that are to be seen now.
  get outlines(): Outlines | null {
    return this.isOn('outlines-toggle') ? this.shown : null;
  }

  // Shows the pair, or nothing where an image is missing or has not been opened.
  show(before: Look | null, after: Look | null): void {
    this.clearMaps();
    find('viewer').hidden = !before || !after;
    if (!before || !after) return;
    draw(find<HTMLCanvasElement>('view-before'), before.preview);
    draw(find<HTMLCanvasElement>('view-after'), after.preview);
    this.frames.style.aspectRatio = `${after.width} / ${after.height}`;
    this.frames.style.setProperty('--ratio', String(after.width / after.height));
  }

  maps({saliency, outlines}: CaptionResult): void {
    this.clearMaps();
    this.shown = outlines?.shapes.length ? outlines : null;
    if (this.shown) this.offer(this.shown);
    if (saliency) this.drawSaliency(saliency.grid, saliency.values);
    // The outlines say it better; where there are none, saliency is what there is.
    this.switch('outlines-toggle', this.shown !== null);
    this.switch('saliency-toggle', saliency !== null && !outlines);
  }

  clearMaps(): void {
    this.shown = null;
    for (const id of ['saliency-control', 'outlines-control']) find(id).hidden = true;
    this.heat.hidden = true;
    this.lines.setAttribute('hidden', '');
  }

  private offer(outlines: Outlines): void {
    drawOutlines(this.lines, outlines);
    find('legend').replaceChildren(...outlines.shapes.map(({name, colour}) => {
      const swatch = make('span', {className: 'swatch'});
      swatch.style.background = colour;
      return make('li', {}, swatch, nameOf(name));
    }));
    find('outlines-control').hidden = false;
  }

  // values: [grid, grid], of any scale.
  private drawSaliency(grid: number, values: Float32Array): void {
    const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const least = values.reduce((a, b) => Math.min(a, b), Infinity);
    const small = new OffscreenCanvas(grid, grid);
    const context = small.getContext('2d');
    const large = this.heat.getContext('2d');
    if (!context || !large || grid * grid !== values.length || !(most > least)) return;
    const pixels = new ImageData(grid, grid);
    values.forEach((value, i) => pixels.data.set(colour((value - least) / (most - least)), 4 * i));
    context.putImageData(pixels, 0, 0);
    this.heat.width = this.heat.height = 512;
    large.imageSmoothingQuality = 'high';
    large.drawImage(small, 0, 0, 512, 512);
    find('saliency-control').hidden = false;
    this.fade();
  }

  private isOn(id: string): boolean {
    return find(id).getAttribute('aria-pressed') === 'true';
  }

  private switch(id: string, on: boolean): void {
    find(id).setAttribute('aria-pressed', String(on));
    if (id === 'outlines-toggle') {
      this.lines.toggleAttribute('hidden', !on);
      find('legend').hidden = !on;
    } else {
      this.heat.hidden = !on;
      this.opacity.disabled = !on;
      find('saliency-note').hidden = !on;
    }
  }

  // A button and a key for it. The key is not taken from anything that one types in.
  private toggle(id: string, key: string): void {
    const button = find(id);
    button.addEventListener('click', () => this.switch(id, !this.isOn(id)));
    document.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input:not([type=range]), select, textarea');
      if (event.key.toLowerCase() !== key || event.ctrlKey || event.metaKey || event.altKey || typing || button.offsetParent === null) return;
      button.click();
    });
  }

  private fade(): void {
    this.heat.style.opacity = String(Number(this.opacity.value) / 100);
  }

  private move(to: number): void {
    this.at = Math.round(Math.min(100, Math.max(0, to)));
    this.frames.style.setProperty('--at', `${this.at}%`);
    this.handle.setAttribute('aria-valuenow', String(this.at));
    this.handle.setAttribute('aria-valuetext', `${this.at} % of the earlier image shown`);
  }
}
