// The C++ core (wasm/bind_*.cpp) as TypeScript sees it: an Error that it gives becomes an exception here.
import type {FoundPairs, Kind, Place, ReadInfo, Warning} from '../protocol';
import {CodedError, unreachable} from './failure';
import {fetchPacked} from './packed';

export interface DecoderInputs {
  embeddings: Float32Array;
  positions: Int32Array;
  bias: Float32Array;
  asked: Int32Array;
}

// What is seen of a pair.
export interface Seen {
  before: Float32Array; // [tokens, hidden_size]
  after: Float32Array;
  saliency: Float32Array; // [grid, grid]
  head: {flag: number; map: Float32Array; height: number; width: number} | null; // flag: a logit; map: [kinds, height, width], probabilities
  ms?: number; // what it took, where that was done before the pair's turn
}

export interface Step {
  text: string;
  token: number;
  logprob: number;
  done: boolean;
}

export interface Description {
  imageSize: number;
  hiddenSize: number;
  visualTokens: number;
  promptLength: number;
  vocabulary: number;
  promptIds: Int32Array;
  changeKinds: Kind[]; // of the change head's map; empty where the model has none
}

// The line of a record, beside the caption.
export interface RecordFacts {
  id: string;
  before: string;
  after: string;
  read: {before: ReadInfo; after: ReadInfo};
  warnings: Warning[];
}

// What is known of where two pictures lie on the ground.
export interface PairPlace {
  scale: number | null; // ground size of an after pixel over that of a before pixel
  unaligned: string; // why they could not be brought together, or empty
}
export const NOWHERE: PairPlace = {scale: null, unaligned: ''};

export interface SampleFacts {
  type: string; // "uint16"
  bits: number;
  bandsInFile: number;
  bands: number[]; // which of them are given, from 1
  bandsBy: string; // as ReadInfo's, and the two that follow
  bandsDoubt: string;
  hasOtherBands: boolean;
  hasAlpha: boolean; // beside them
  nodata: number | null;
  whiteIsZero: boolean;
  multipliedBy: Uint8Array; // alpha that colours of 8 bits were multiplied by, or empty
}

// A page of a TIFF, as its tags have it.
export interface TiffPage {
  width: number;
  height: number;
  isReduced: boolean; // marked as an overview or thumbnail
  isMask: boolean;
}

// What a TIFF's tags say of its bands.
export interface TiffBandTags {
  photometric: number;
  samples: number;
  extra: number[]; // what the last samples are
  metadata: string; // GDAL's, as XML
}

// The bands that are shown for it, as by the command. Numbers from 1.
export interface ShownBands {
  bands: number[]; // red, green and blue; one that is grey; four inks
  bandsBy: string;
  bandsDoubt: string;
  alpha: number; // 0: none
  isInks: boolean;
}

// One array a band, as wide as the type: 8 bits signed and fewer than 8 as 16, integers beyond 16 bits as doubles.
export type Samples = Uint8Array | Int16Array | Uint16Array | Float32Array | Float64Array;

export type ReadRow = (file: string, offset: number, bytes: number) => Uint8Array | undefined;

type Native = Record<string, (...values: unknown[]) => unknown>;

function checked<T>(value: unknown): T {
  if (value instanceof Error) throw value;
  return value as T;
}

// An object of the core. Its memory is the core's: free() gives it back.
class Handle {
  constructor(readonly native: Native) {}
  protected call<T>(name: string, ...values: unknown[]): T {
    return checked<T>(this.native[name](...values));
  }
  free(): void {
    this.native.delete();
  }
}

export class PictureBuffer extends Handle {
  addRows(rgba: Uint8Array): void {
    this.call('addRows', rgba);
  }
  // Of the file that it comes from: a JPEG's first bytes, or all of a PNG or WebP.
  keepFacts(file: Uint8Array): void {
    this.call('keepFacts', file);
  }
  // Which of its file's pages it is, where that is to be told.
  keepPage(note: string): void {
    this.call('keepPage', note);
  }
  // RGBA of the picture made `width` x `height`.
  shown(width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
    return this.call('shown', width, height);
  }
  info(): ReadInfo {
    return this.call('info');
  }
  // Why this picture and a later one should not be trusted blindly as a pair.
  check(after: PictureBuffer, size: number, place = NOWHERE): Warning[] {
    return this.call('check', after.native, size, place);
  }
  // Both as the model gets them, [3, size, size] each, in arrays that `make` gives.
  prepare(after: PictureBuffer, size: number, place: PairPlace, make: (length: number) => Float32Array): {before: Float32Array; after: Float32Array; warnings: Warning[]} {
    return this.call('prepare', after.native, size, place, make);
  }
}

export class Session extends Handle {
  describe = (): Description => this.call('describe');
  // In runs of `rows` positions, one behind the other.
  promptInputs = (before: Float32Array, after: Float32Array, rows: number, read: ReadRow): DecoderInputs[] =>
    this.call('promptInputs', before, after, rows, read);
  noChangeInputs = (read: ReadRow): DecoderInputs => this.call('noChangeInputs', read);
  tokenInputs = (token: number, past: number, read: ReadRow): DecoderInputs =>
    this.call('tokenInputs', token, past, read);
  begin = (id: string): void => this.call('begin', id);
  // What the change head says: behind begin(), before scoreNoChange(). map: [kinds, height, width].
  hearHead = (flag: number, map: Float32Array, height: number, width: number): void => this.call('hearHead', flag, map, height, width);
  // On an after picture of that size.
  places = (width: number, height: number): Place[] => this.call('places', width, height);
  scoreNoChange = (prompt: Float32Array, logits: Float32Array): number => this.call('scoreNoChange', prompt, logits);
  decidesByPChange = (): boolean => this.call('decidesByPChange');
  step = (logits: Float32Array): Step => this.call('step', logits);
  finish = (): string => this.call('finish');
  result = (): {caption: string; changed: boolean; logprobMean: number; pChange: number | null} => this.call('result');
  record = (pair: RecordFacts, ms: {read: number; vision: number; prefill: number; decode: number}): string => this.call('record', pair, ms);
}

// [1, channels, height, width], pixel by pixel.
export interface FeatureMap {
  shape: number[];
  pixels: Float32Array<ArrayBuffer>;
}

// The vision part of a model, where the core can compute it. Images are [3, size, size].
export class Vision extends Handle {
  // In arrays that `make` gives.
  look = (image: Float32Array, make = (length: number) => new Float32Array(length)): FeatureMap[] => this.call('look', image, make);
  compare = (before: FeatureMap[], after: FeatureMap[]): Seen => this.call('compare', before, after);
}

// The language model, where the core can compute it.
export class Language extends Handle {
  // Logits [asked, vocabulary] of new positions behind the first `past` of those that it has read; the others it forgets.
  run = (inputs: DecoderInputs, past: number): Float32Array => this.call('run', inputs, past);
}

export class Core {
  private constructor(private readonly module: Native) {}

  // `base` is the folder of the page; `report` is told the bytes that have arrived. A worker that cannot have it should end: some
  // browsers never fetch a script again that a worker has once failed to get.
  static async load(base: string, report: (have: number) => void = () => undefined): Promise<Core> {
    const what = 'A part of the page (core.wasm)';
    const script = import(/* @vite-ignore */ new URL('core/core.js', base).href).catch(() => Promise.reject(unreachable(what)));
    try {
      const [wasmBinary, {default: create}] = await Promise.all([fetchPacked(new URL('core/core.wasm.gz', base), what, report), script]);
      return new Core(await create({wasmBinary}));
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'network') throw error;
      throw new CodedError(error.code, error.message, error.side, true);
    }
  }
  picture(width: number, height: number, isGrey = false): PictureBuffer {
    return new PictureBuffer(checked<Native>(this.module.createPicture(width, height, isGrey)));
  }
  // mask: 1 where there is no data, or empty.
  pictureOfSamples(width: number, height: number, bands: Samples[], mask: Uint8Array, facts: SampleFacts): PictureBuffer {
    return new PictureBuffer(checked<Native>(this.module.pictureOfSamples(width, height, bands, mask, facts)));
  }
  tiffBands(name: string, tags: TiffBandTags): ShownBands {
    return checked(this.module.tiffBands(name, tags));
  }
  choosePage(pages: TiffPage[]): {page: number; note: string} {
    return checked(this.module.choosePage(pages));
  }
  session(manifest: string, config: string, tokenizer: string, generationConfig: string, maxNewTokens: number): Session {
    return new Session(checked<Native>(this.module.createSession(manifest, config, tokenizer, generationConfig, maxNewTokens)));
  }
  // graph: vision.onnx. Null for a model that ONNX Runtime must see for.
  vision(config: string, graph: Uint8Array, read: ReadRow): Vision | null {
    const native = checked<Native | null>(this.module.createVision(config, graph, read));
    return native && new Vision(native);
  }
  // graph: decoder.onnx. Null for a model that ONNX Runtime must speak for.
  language(config: string, graph: Uint8Array, read: ReadRow): Language | null {
    const native = checked<Native | null>(this.module.createLanguage(config, graph, read));
    return native && new Language(native);
  }
  // The table that `ccx caption --format csv` writes of these records.
  tableOf(records: string[]): string {
    return checked(this.module.tableOf(records));
  }
  findPairs(names: string[]): FoundPairs {
    return checked(this.module.findPairs(names));
  }
  // list: the name of the list among them; text: its bytes.
  findPairsInList(names: string[], list: string, text: Uint8Array): FoundPairs {
    return checked(this.module.findPairsInList(names, list, text));
  }
}
