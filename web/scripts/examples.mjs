// What is true of the example pairs, what a model said of them, and whether that is right.
import {existsSync, readFileSync} from 'node:fs';
import {basename, extname, join} from 'node:path';

const LEAST_OVERLAP = 0.5;
// Words that scenes use for one thing.
const ONE_WORD = [
  ['building', 'house', 'houses', 'buildings', 'home', 'homes', 'villa', 'villas'], ['built', 'build', 'constructed', 'appear', 'appears', 'new'],
  ['removed', 'disappear', 'disappears', 'demolished', 'cut', 'gone', 'replaced'], ['top', 'upper'], ['bottom', 'lower'], ['tree', 'trees', 'woods', 'forest', 'vegetation'],
  ['many', 'lots', 'some', 'several'], ['large', 'big'],
];
const NO_MEANING = new Set(['a', 'an', 'the', 'of', 'on', 'in', 'at', 'is', 'are', 'have', 'has', 'been', 'by', 'down', 'and', 'side', 'scene', 'there']);
const PLACES = ['top', 'bottom', 'left', 'right', 'center', 'middle', 'both'];
const COUNTS = ['a', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const MANY = ['many', 'lots', 'massive', 'numerous'];
const HOUSES = ONE_WORD.find((group) => group.includes('house'));

function meaningful(text) {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.filter((word) => !NO_MEANING.has(word)).map((word) => ONE_WORD.find((group) => group.includes(word))?.[0] ?? word);
}

// How many houses it tells of: a number, 'many', 'some' (two or more), or null where it tells of none.
function housesIn(text) {
  const words = (text.toLowerCase().match(/[a-z]+/g) ?? []).map((word) => (word === 'an' || word === 'one' ? 'a' : word));
  const at = words.findIndex((word) => HOUSES.includes(word));
  if (at < 0) return null;
  const before = words.slice(Math.max(0, at - 3), at).reverse(); // "two new detached houses", "lots of houses"
  for (const word of before) {
    if (MANY.includes(word)) return 'many';
    if (COUNTS.includes(word)) return COUNTS.indexOf(word) + 1;
  }
  return words[at].endsWith('s') ? 'some' : 1;
}

// Whether two sentences may tell of the same houses, where both tell of any.
function agreeOnHouses(said, told) {
  const isSome = (count) => count === 'some' || count === 'many' || count > 1;
  if (said === null || told === null) return true;
  return said === told || (said === 'some' && isSome(told)) || (told === 'some' && typeof said === 'number' && said > 1);
}

// References by pair, where references.json (LEVIR-CC's form) beside the pairs has them: {sentences, changed}.
export function sentencesOf(folder) {
  const path = join(folder, 'references.json');
  if (!existsSync(path)) return new Map();
  const {images} = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(images.map(({filename, sentences, changeflag}) => [
    basename(filename, extname(filename)), {sentences: sentences.map(({raw}) => raw.trim()), changed: changeflag === 1}]));
}

// F1 of the words of two sentences that carry their meaning.
export function overlap(a, b) {
  const [first, left] = [meaningful(a), meaningful(b)];
  const all = first.length + left.length;
  let common = 0;
  for (const word of first) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    ++common;
  }
  return all ? (2 * common) / all : 0;
}

// A caption is right where it tells rightly whether something changed, and of a change says half of what one of the
// references says, names no place that none of them names and counts houses as they do: "some" in a reference may be a few and
// not many, where others give the number that number counts.
export function isRight({caption, changed}, reference) {
  if (changed !== reference.changed) return false;
  if (!changed) return true;
  const told = new Set(reference.sentences.flatMap(meaningful));
  const isElsewhere = meaningful(caption).some((word) => PLACES.includes(word) && !told.has(word));
  const counts = reference.sentences.map(housesIn);
  const numbers = counts.filter((count) => typeof count === 'number');
  const said = housesIn(caption);
  const isMiscounted = said !== null && counts.some((count) => count !== null) && !(numbers.length ? numbers : counts).some((count) => agreeOnHouses(said, count));
  return !isElsewhere && !isMiscounted && reference.sentences.some((sentence) => overlap(caption, sentence) >= LEAST_OVERLAP);
}

// Pairs that are worth a look: those that the model gets right, and last one that it does not, for the page to say so.
// Where nothing is known, or everything is right or wrong, all that is left is shown.
export function chosen(examples) {
  const right = examples.filter(({found}) => !found || found.right);
  const wrong = examples.filter(({found}) => found && !found.right);
  // A missed change or a false alarm shows more than a word that is wrong.
  const worst = wrong.find(({found}) => found.flagWrong) ?? wrong[0];
  return (right.length ? [...right, ...(worst ? [worst] : [])] : wrong).map(({found, ...rest}) => ({...rest, found: found && {caption: found.caption, right: found.right}}));
}

// {caption, right, flagWrong} by pair, from a file of records.
export function foundOf(path, references) {
  if (!path || !existsSync(path)) return new Map();
  const records = readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return new Map(records.filter(({id, caption}) => caption !== undefined && references.has(id)).map((record) => [
    record.id, {caption: record.caption.trim(), right: isRight(record, references.get(record.id)), flagWrong: record.changed !== references.get(record.id).changed}]));
}
