// One picture of a result, to be shown to others: both dates side by side, the outlines of what changed, the sentence.
import type {CaptionResult, Look, Outlines} from '../protocol';
import {percent} from './dom';
import {nameOf} from './places';

const SIDE = 640; // pixels of each picture
const GAP = 24;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function tag(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.font = `600 18px ${FONT}`;
  const width = context.measureText(text).width + 22;
  context.fillStyle = 'rgb(8 14 13 / 72%)';
  context.beginPath();
  context.roundRect(x, y, width, 30, 15);
  context.fill();
  context.fillStyle = '#fff';
  context.fillText(text, x + 11, y + 21);
}

// A PNG.
export async function pictureOfResult(before: Look, after: Look, result: CaptionResult, outlines: Outlines | null): Promise<Blob> {
  const height = Math.round((SIDE * after.height) / after.width);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const width = 2 * SIDE + 3 * GAP;
  const titleFont = `600 30px ${FONT}`;
  context.font = titleFont;
  const lines = wrapped(context, result.caption, width - 2 * GAP);
  canvas.width = width;
  canvas.height = height + 2 * GAP + lines.length * 40 + 60;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(before.preview, GAP, GAP, SIDE, height);
  context.drawImage(after.preview, 2 * GAP + SIDE, GAP, SIDE, height);
  if (outlines) {
    context.save();
    context.translate(2 * GAP + SIDE, GAP);
    for (const [lineWidth, halo] of [[6, true], [3, false]] as const) {
      for (const {colour, path} of outlines.shapes) {
        const scaled = new Path2D();
        scaled.addPath(new Path2D(path), new DOMMatrix().scale(SIDE / outlines.width, height / outlines.height));
        context.lineWidth = lineWidth;
        context.lineJoin = 'round';
        context.strokeStyle = halo ? 'rgb(0 0 0 / 55%)' : colour;
        context.stroke(scaled);
      }
    }
    context.restore();
  }
  tag(context, 'Before', GAP + 12, GAP + 12);
  tag(context, 'After', 2 * GAP + SIDE + 12, GAP + 12);
  let y = height + 2 * GAP + 26;
  context.font = titleFont;
  context.fillStyle = '#17211f';
  for (const line of lines) {
    context.fillText(line, GAP, y);
    y += 40;
  }
  context.font = `18px ${FONT}`;
  context.fillStyle = '#52605c';
  const p = result.pChange === null ? [] : [`probability of change ${percent(result.pChange)}`];
  context.fillText([...p, ...(outlines?.shapes ?? []).map(({name}) => nameOf(name)), 'written by ccx, a model that can be wrong'].join(' · '), GAP, y);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('This browser could not make a picture of it.'))), 'image/png'));
}
