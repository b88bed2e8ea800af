// What was done to a picture on its way to 8 bits, in words for the place where it lies.
import type {ReadInfo} from '../protocol';

const LEAST_NODATA = 0.001; // share that is worth a word

const round = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

const BY: Record<string, string> = {names: ', by their names', wavelengths: ', by their wavelengths'};

export function notesOf({type, bands, bandsBy, bandsInFile, levels, nodata}: ReadInfo): string[] {
  const notes: string[] = [];
  if (bands.length === 1 || bandsInFile === 1) notes.push(bandsInFile > 2 ? `band ${bands[0]} of ${bandsInFile}, shown in grey` : 'one band, shown in grey');
  else if (bandsInFile > 4 || (bandsInFile === 4 && type !== 'uint8') || bands.join() !== '1,2,3') notes.push(`bands ${bands.join(', ')} of ${bandsInFile}${BY[bandsBy] ?? ''}`);
  if (levels) notes.push(`stretched from ${round(levels[0])}..${round(levels[1])}`);
  if (nodata > LEAST_NODATA) notes.push(`${(100 * nodata).toFixed(nodata < 0.1 ? 1 : 0)} % without data`);
  return notes;
}
