// The places of a result in words: kind by kind, the largest first.
import type {CaptionResult, Place} from '../protocol';
import {percent} from './dom';

export const nameOf = (kind: string): string => kind.replaceAll('_', ' ');

const ROWS = ['upper', '', 'lower'];
const COLUMNS = ['left', '', 'right'];

// In which ninth of the picture the middle of a place lies.
export function whereabouts({box: [x, y, width, height]}: Place, size: {width: number; height: number}): string {
  const third = (at: number, all: number) => Math.min(2, Math.max(0, Math.floor((3 * at) / all)));
  const row = ROWS[third(y + height / 2, size.height)];
  const column = COLUMNS[third(x + width / 2, size.width)];
  if (!row && !column) return 'in the middle';
  if (!row) return `on the ${column}`;
  return column ? `in the ${row} ${column}` : row === 'upper' ? 'at the top' : 'at the bottom';
}

// "building built: 3 places, 4.1 % of the picture, the largest in the upper left"
export function placesInWords({places, size}: CaptionResult): string[] {
  const kinds = [...new Set(places.map(({kind}) => kind))];
  return kinds.map((kind) => {
    const own = places.filter((place) => place.kind === kind);
    const share = percent(own.reduce((sum, {area}) => sum + area, 0));
    const where = whereabouts(own[0], size);
    return own.length === 1 ? `${nameOf(kind)}: one place, ${share} of the picture, ${where}` : `${nameOf(kind)}: ${own.length} places, ${share} of the picture, the largest ${where}`;
  });
}

// What stands above them.
export function placesHeading({places, outlines, changed}: CaptionResult): string {
  if (!outlines || !changed) return '';
  return places.length ? 'Where, by the map of this model' : 'The map of this model shows no place of a change.';
}
