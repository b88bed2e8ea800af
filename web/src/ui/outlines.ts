// Outlines drawn into an SVG: a dark line below each coloured one, so that they show on any ground.
import type {Outlines} from '../protocol';

const SVG = 'http://www.w3.org/2000/svg';

// size: of the picture that they lie over, where its shape matters.
export function drawOutlines(into: Element, {width, height, shapes}: Outlines, size = {width, height}): void {
  into.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  into.replaceChildren(...shapes.flatMap(({colour, path}) => [['halo', '#000a'], ['line', colour]].map(([name, stroke]) => {
    const line = document.createElementNS(SVG, 'path');
    line.setAttribute('d', path);
    line.setAttribute('class', name);
    line.setAttribute('stroke', stroke);
    if (size.width !== width || size.height !== height) line.setAttribute('transform', `scale(${size.width / width} ${size.height / height})`);
    return line;
  })));
}

// A small one to lie over a picture that is cut to a square.
export function overlayOf(outlines: Outlines, size: {width: number; height: number}): SVGSVGElement {
  const into = document.createElementNS(SVG, 'svg');
  into.setAttribute('class', 'outlines');
  into.setAttribute('preserveAspectRatio', 'xMidYMid slice');
  into.setAttribute('aria-hidden', 'true');
  drawOutlines(into, outlines, size);
  return into;
}
