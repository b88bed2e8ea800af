// What the page and its worker say to each other.

export type Backend = 'webgpu' | 'wasm';

export interface BackendInfo {
  backend: Backend;
  threads: number;
  note: string; // why this one, for people
}

export interface ModelInfo {
  name: string;
  bytes: number; // all files
  missing: number; // bytes that are not on this machine yet
  quantize: string;
  target: string;
  imageSize: number;
}

export interface Picture {
  name: string; // the file's, as it goes into the record
  blob: Blob;
}

export interface Pair {
  id: string;
  before: Picture;
  after: Picture;
}

export interface Timings {
  prepare: number; // milliseconds: decoding, resizing, normalising
  vision: number;
  firstToken: number; // the prompt's pass through the language model
  decode: number; // the other tokens, and the scoring behind the change probability
  tokensPerSecond: number;
}

export interface CaptionResult {
  id: string;
  caption: string;
  changed: boolean;
  confidence: number; // geometric mean of the tokens' probabilities
  pChange: number | null; // null where it was stopped before it was known
  saliency: {grid: number; values: Float32Array};
  timings: Timings;
  record: string; // the line that `ccx caption` writes
  stopped: boolean;
}

// A failure as a person and as a record sees it.
export interface Failure {
  code: 'decode_image' | 'missing_before' | 'missing_after' | 'too_large' | 'out_of_memory' | 'checksum' | 'network' | 'model' | 'internal';
  message: string;
}

export type Request =
  | {type: 'start'; base: string; backend: string | null; threads: number | null}
  | {type: 'inspect'; ask: number; manifest: string}
  | {type: 'load'; ask: number; manifest: string}
  | {type: 'caption'; ask: number; pair: Pair}
  | {type: 'pairs'; ask: number; names: string[]}
  | {type: 'stored'; ask: number}
  | {type: 'clear'; ask: number};

export interface FoundPair {
  id: string;
  before: string; // a name of the list; empty where that image is missing
  after: string;
}

export type Event =
  | {type: 'download'; file: string; have: number; bytes: number; done: number; total: number}
  | {type: 'stage'; stage: 'download' | 'load' | 'test' | 'prepare' | 'vision' | 'prompt' | 'write' | 'score'}
  | {type: 'text'; text: string}
  | {type: 'answer'; ask: number; value: unknown}
  | {type: 'failure'; ask: number; failure: Failure};
