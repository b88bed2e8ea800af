// What the page says to its two workers, and they to it: the reader (worker/reader.ts) opens pictures and finds pairs, the
// model worker (worker/worker.ts) runs the model.

export type Backend = 'webgpu' | 'wasm';

export interface BackendInfo {
  backend: Backend;
  threads: number;
  note: string; // why this one, for people
}

// What a person may want to know of a model, from its manifest alone.
export interface ModelInfo {
  name: string;
  weights: string; // SHA-256 of the checkpoint's weights: which model it is
  bytes: number; // all files
  missing: number; // bytes that are not on this machine yet
  runtimes: Backend[]; // for which ONNX Runtime is needed; none where the core runs it all
  quantize: string;
  target: string;
  imageSize: number;
}

export interface Loaded {
  backend: BackendInfo;
  imageSize: number;
  isNew: boolean; // it was loaded for this question, and not before
  runtimes: Backend[]; // for which ONNX Runtime was fetched
}

// The programs that run a model: the core, and ONNX Runtime by backend.
export type Program = 'core' | Backend;

export interface Picture {
  key: number; // the same for the same picture: the reader remembers the last ones
  name: string; // the file's, as it goes into the record
  blob: Blob;
}

// A picture as the model will see it: turned as its rows lie in the file, without alpha, stretched where it is deeper
// than 8 bits.
export interface Look {
  width: number;
  height: number;
  preview: ImageBitmap;
  notes: string[]; // what was done to it, for people
}

// What was read of a picture and what was done to its values, as records tell it.
export interface ReadInfo {
  width: number;
  height: number;
  type: string; // of its samples: "uint8", "uint16", ...
  bandsInFile: number;
  bands: number[]; // shown as red, green and blue, or one as grey
  bandsBy: string; // what they were chosen by: "colours", "names", "wavelengths", "order"
  bandsDoubt: string; // why they may not be red, green and blue, or empty
  hasOtherBands: boolean; // that hold more than is shown
  orientation: number; // EXIF's, which is not applied
  pageNote: string; // which of several pictures of its file it is, or empty
  levels: [number, number] | null; // the stretch of deeper values: what became black, and what white
  nodata: number; // share of the pixels, 0..1
}

// The two pictures on their way into the model.
export interface Pixels {
  before: Float32Array; // [3, size, size]
  after: Float32Array;
  ms: number; // decoding and resizing
  read: {before: ReadInfo; after: ReadInfo};
  warnings: Warning[];
  thumbs: Blob | null; // of both, side by side in two squares
}

// What is handed over with them and not copied. What lies in shared memory is not copied either way.
export const movable = ({before, after}: Pixels): Transferable[] => [before.buffer, after.buffer].filter((buffer) => buffer instanceof ArrayBuffer);

// Why a pair should not be trusted blindly; codes are those of records.
export interface Warning {
  code: string;
  message: string;
  shift: [number, number] | null;
}

export interface Timings {
  prepare: number; // milliseconds: decoding, resizing, normalising
  vision: number;
  firstToken: number; // the prompt's pass through the language model
  decode: number; // the other tokens, and the scoring behind the change probability
  tokensPerSecond: number;
}

// A kind of change and its colour in masks, outlines and legends.
export interface Kind {
  name: string; // "building_built"
  colour: string; // "#e63946"
}

// What changed where, as lines over the after picture.
export interface Outlines {
  width: number; // of the picture in the units of the lines
  height: number;
  shapes: (Kind & {path: string})[]; // SVG; only kinds that there are
}

// A place of the mask, as in records.
export interface Place {
  kind: string;
  box: [number, number, number, number]; // x, y, width, height in pixels of the after picture
  area: number; // share of the picture, 0..1
  p: number; // mean probability that something changed there, 0..1
}

export interface CaptionResult {
  id: string;
  caption: string;
  changed: boolean;
  confidence: number; // geometric mean of the tokens' probabilities
  pChange: number | null; // null where it was stopped before it was known
  minPChange: number; // 0: the model has no threshold
  saliency: {grid: number; values: Float32Array} | null; // null where it says nothing
  outlines: Outlines | null; // null where the model draws no map of changes
  places: Place[]; // the largest first; none without such a map
  size: {width: number; height: number}; // of the after picture
  timings: Timings;
  record: string; // the line that `ccx caption` writes
  stopped: boolean;
}

// A failure as a person and as a record sees it.
export interface Failure {
  code: 'decode_image' | 'missing_before' | 'missing_after' | 'too_large' | 'out_of_memory' | 'checksum' | 'network' | 'model' | 'input' | 'different_place' | 'stopped' | 'internal';
  message: string;
  side?: 'before' | 'after'; // whose picture it was
  isLast?: boolean; // the worker cannot go on from here: the next question needs a new one
}

export interface CaptionAsk {
  model: string; // the address of its manifest: a worker that is new loads it from this machine
  id: string;
  before: string; // names, as they go into the record
  after: string;
  pixels: Pixels;
  isFollowed: boolean; // somebody wants to hear of stages and words on the way
  key: number | null; // of a pair that the worker may have been shown ahead of its turn
}

export type ModelRequest =
  | {type: 'inspect'; ask: number; manifest: string}
  | {type: 'load'; ask: number; manifest: string}
  | {type: 'caption'; ask: number; pair: CaptionAsk}
  | {type: 'ahead'; ask: number; model: string; key: number; before: Float32Array; after: Float32Array} // the pair that comes next
  | {type: 'forget'; ask: number} // no pair that was shown ahead will have its turn
  | {type: 'stored'; ask: number}
  | {type: 'clear'; ask: number};

export type ReaderRequest =
  | {type: 'look'; ask: number; picture: Picture; side: number} // side: the preview's longest, in pixels
  | {type: 'check'; ask: number; before: Picture; after: Picture; size: number} // size: of the model's input
  | {type: 'pixels'; ask: number; before: Picture; after: Picture; size: number; thumbs: number; spare: Float32Array[]} // thumbs: their side, 0 for none; spare: memory that two workers share, to be filled anew
  | {type: 'table'; ask: number; records: string[]}
  | {type: 'pairs'; ask: number; names: string[]}
  | {type: 'list'; ask: number; names: string[]; list: string; blob: Blob}; // list: its name among them

export interface Start {
  type: 'start';
  base: string;
  backend: string | null;
  threads: number | null;
  programBytes: Record<Program, number>; // as they are fetched
}

export interface FoundPair {
  id: string;
  before: string; // a name of the list; empty where that image is missing
  after: string;
  missing: string; // where a missing image was looked for
}

// Pairs, and what a person should know of how they were found.
export interface FoundPairs {
  pairs: FoundPair[];
  notes: string[];
}

// What happens while a question is being answered; `ask` says which.
export type Progress =
  | {type: 'download'; ask: number; file: string; have: number; bytes: number; done: number; total: number; fetched: number}
  | {type: 'stage'; ask: number; stage: Stage}
  | {type: 'text'; ask: number; text: string};

export type Stage = 'download' | 'load' | 'test' | 'prepare' | 'vision' | 'prompt' | 'write' | 'score';

export type Reply = Progress | {type: 'answer'; ask: number; value: unknown} | {type: 'failure'; ask: number; failure: Failure};
