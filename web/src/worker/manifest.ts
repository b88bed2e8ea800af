// manifest.json of `ccx export` (docs/export.md), as far as the page reads it itself. The C++ core checks the rest.
import type {ManifestFile} from './store';
import {CodedError} from './failure';

export interface Graph {
  file: string;
  data: string[];
}

export interface Manifest {
  name: string;
  target: string;
  quantize: string;
  sessionConfig: Record<string, unknown>; // nested: {session: {disable_quant_qdq: "1"}}
  image: {size: number; grid: number; tokens: number};
  language: {hiddenSize: number; layers: number; kvHeads: number; headSize: number};
  vision: Graph;
  decoder: Graph;
  embeddingFiles: string[];
  files: ManifestFile[];
  totalBytes: number;
  json: string;
}

const FORMAT_VERSION = 1;
const LARGEST = 2 ** 45;

type Json = Record<string, unknown>;

class Reader {
  constructor(private readonly where: string) {}

  fail(what: string): never {
    throw new CodedError('model', `${this.where} is not a model that this page can use: ${what}. It must be the manifest.json that ccx export writes.`);
  }
  object(value: unknown, name: string): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail(`"${name}" is missing`);
    return value as Json;
  }
  list(value: unknown, name: string): unknown[] {
    if (!Array.isArray(value)) this.fail(`"${name}" is not a list`);
    return value as unknown[];
  }
  text(value: unknown, name: string): string {
    if (typeof value !== 'string') this.fail(`"${name}" is not a text`);
    return value as string;
  }
  whole(value: unknown, name: string, least = 1): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > LARGEST) this.fail(`"${name}" is not a sensible number`);
    return value as number;
  }
  fileName(value: unknown, name: string): string {
    const text = this.text(value, name);
    if (!/^[\w.-]+$/.test(text) || text.startsWith('.')) this.fail(`"${name}" is not a plain file name`);
    return text;
  }
}

export function parseManifest(json: string, where: string): Manifest {
  const read = new Reader(where);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    read.fail('it is no JSON');
  }
  const root = read.object(parsed, 'format');
  if (root.format !== 'ccx-export') read.fail('"format" is not "ccx-export"');
  if (root.format_version !== FORMAT_VERSION) read.fail(`format_version ${String(root.format_version)}, and this page reads ${FORMAT_VERSION}`);
  const files = read.list(root.files, 'files').map((entry): ManifestFile => {
    const file = read.object(entry, 'files');
    const sha256 = read.text(file.sha256, 'files.sha256');
    if (!/^[0-9a-f]{64}$/.test(sha256)) read.fail('"files.sha256" is no checksum');
    return {name: read.fileName(file.name, 'files.name'), bytes: read.whole(file.bytes, 'files.bytes', 0), sha256};
  });
  const known = new Set(files.map((file) => file.name));
  const needed = (name: string): string => {
    if (!known.has(name)) read.fail(`the file ${name} is not in its list`);
    return name;
  };
  const graph = (key: string): Graph => {
    const value = read.object(root[key], key);
    return {
      file: needed(read.fileName(value.file, `${key}.file`)),
      data: read.list(value.data, `${key}.data`).map((name) => needed(read.fileName(name, `${key}.data`))),
    };
  };
  const sessionConfig: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(read.object(root.session_config ?? {}, 'session_config'))) {
    const names = key.split('.');
    const last = names.pop() as string;
    let at = sessionConfig;
    for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
    at[last] = read.text(value, key);
  }
  const image = read.object(root.image, 'image');
  const language = read.object(root.language, 'language');
  const embeddings = read.object(root.embeddings, 'embeddings');
  const embeddingFiles = read.list(embeddings.pieces, 'embeddings.pieces').flatMap((entry) => {
    const piece = read.object(entry, 'embeddings.pieces');
    return [piece.values, piece.scales].filter((part) => part !== undefined).map((part) => needed(read.fileName(read.object(part, 'embeddings').file, 'embeddings.file')));
  });
  for (const name of ['config.json', 'tokenizer.json']) needed(name);
  return {
    name: read.text(read.object(root.model, 'model').name, 'model.name'),
    target: read.text(root.target, 'target'),
    quantize: read.text(root.quantize, 'quantize'),
    sessionConfig,
    image: {size: read.whole(image.size, 'image.size'), grid: read.whole(image.grid, 'image.grid'), tokens: read.whole(image.tokens, 'image.tokens')},
    language: {
      hiddenSize: read.whole(language.hidden_size, 'language.hidden_size'),
      layers: read.whole(language.layers, 'language.layers'),
      kvHeads: read.whole(language.kv_heads, 'language.kv_heads'),
      headSize: read.whole(language.head_size, 'language.head_size'),
    },
    vision: graph('vision'),
    decoder: graph('decoder'),
    embeddingFiles: [...new Set(embeddingFiles)],
    files,
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    json,
  };
}
