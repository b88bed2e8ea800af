// manifest.json of `ccx export` (docs/export.md), as far as the page reads it itself. The C++ core checks the rest.
import type {ManifestFile} from './store';
import {CodedError} from './failure';

type Json = Record<string, unknown>;

export interface Graph {
  file: string;
  data: string[];
}

export interface Manifest {
  name: string;
  weights: string;
  target: string;
  quantize: string;
  sessionConfig: Json; // nested: {session: {disable_quant_qdq: "1"}}
  image: {size: number; grid: number; tokens: number};
  language: {hiddenSize: number; layers: number; kvHeads: number; headSize: number};
  vision: Graph;
  decoder: Graph;
  minPChange: number;
  hasChangeHead: boolean; // the vision graph has the outputs change_map and change_flag
  inCore: boolean; // the page's own core computes both graphs
  embeddingFiles: string[];
  files: ManifestFile[];
  totalBytes: number;
  json: string;
}

const FORMAT_VERSION = 1;
const LARGEST = 2 ** 45;

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
  share(value: unknown, name: string): number {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) this.fail(`"${name}" is not a number from 0 to 1`);
    return value as number;
  }
  fileName(value: unknown, name: string): string {
    const text = this.text(value, name);
    if (!/^[\w.-]+$/.test(text) || text.startsWith('.')) this.fail(`"${name}" is not a plain file name`);
    return text;
  }
}

// {"session.disable_quant_qdq": "1"} -> {session: {disable_quant_qdq: "1"}}. Names may come from anywhere: none reaches a
// prototype.
function sessionOptions(read: Reader, entries: Json): Json {
  const options = Object.create(null) as Json;
  for (const [key, value] of Object.entries(entries)) {
    const names = key.split('.');
    if (names.some((name) => !/^[a-z][a-z0-9_]*$/i.test(name) || name in Object.prototype)) read.fail(`"session_config" has an entry ${JSON.stringify(key)}`);
    const last = names.pop() as string;
    let at = options;
    for (const name of names) {
      const next = (at[name] ??= Object.create(null) as Json);
      if (typeof next !== 'object') read.fail(`"session_config" has an entry ${JSON.stringify(key)}`);
      at = next as Json;
    }
    if (at[last] !== undefined) read.fail(`"session_config" has an entry ${JSON.stringify(key)}`);
    at[last] = read.text(value, key);
  }
  return options;
}

// The manifest as JSON, of this format.
function rootOf(read: Reader, json: string): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    read.fail('it is no JSON');
  }
  const root = read.object(parsed, 'format');
  if (root.format !== 'ccx-export') read.fail('"format" is not "ccx-export"');
  if (root.format_version !== FORMAT_VERSION) read.fail(`format_version ${String(root.format_version)}, and this page reads ${FORMAT_VERSION}`);
  return root;
}

function filesOf(read: Reader, root: Json): ManifestFile[] {
  return read.list(root.files, 'files').map((entry): ManifestFile => {
    const file = read.object(entry, 'files');
    const sha256 = read.text(file.sha256, 'files.sha256');
    if (!/^[0-9a-f]{64}$/.test(sha256)) read.fail('"files.sha256" is no checksum');
    return {name: read.fileName(file.name, 'files.name'), bytes: read.whole(file.bytes, 'files.bytes', 0), sha256};
  });
}

// The name of a file that must be in the manifest's list.
type Listed = (value: unknown, name: string) => string;

function listedIn(read: Reader, files: ManifestFile[]): Listed {
  const known = new Set(files.map((file) => file.name));
  return (value, name) => {
    const file = read.fileName(value, name);
    if (!known.has(file)) read.fail(`the file ${file} is not in its list`);
    return file;
  };
}

function graphOf(read: Reader, root: Json, key: string, listed: Listed): Graph {
  const value = read.object(root[key], key);
  return {
    file: listed(value.file, `${key}.file`),
    data: read.list(value.data, `${key}.data`).map((name) => listed(name, `${key}.data`)),
  };
}

// Of the token table, each once.
function embeddingFilesOf(read: Reader, root: Json, listed: Listed): string[] {
  const embeddings = read.object(root.embeddings, 'embeddings');
  const files = read.list(embeddings.pieces, 'embeddings.pieces').flatMap((entry) => {
    const piece = read.object(entry, 'embeddings.pieces');
    const parts = [piece.values, piece.scales].filter((part) => part !== undefined);
    return parts.map((part) => listed(read.object(part, 'embeddings').file, 'embeddings.file'));
  });
  return [...new Set(files)];
}

// The sizes that `name` has under these keys.
function sizesOf<Name extends string>(read: Reader, root: Json, name: string, keys: Record<Name, string>): Record<Name, number> {
  const object = read.object(root[name], name);
  const entries = Object.entries<string>(keys).map(([key, written]) => [key, read.whole(object[written], `${name}.${written}`)]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

export function parseManifest(json: string, where: string): Manifest {
  const read = new Reader(where);
  const root = rootOf(read, json);
  const files = filesOf(read, root);
  const listed = listedIn(read, files);
  const sessionConfig = sessionOptions(read, read.object(root.session_config ?? {}, 'session_config'));
  const model = read.object(root.model, 'model');
  const image = sizesOf(read, root, 'image', {size: 'size', grid: 'grid', tokens: 'tokens'});
  const language = sizesOf(read, root, 'language', {hiddenSize: 'hidden_size', layers: 'layers', kvHeads: 'kv_heads', headSize: 'head_size'});
  const embeddingFiles = embeddingFilesOf(read, root, listed);
  const core = read.list(root.core ?? [], 'core'); // earlier exports do not say
  for (const name of ['config.json', 'tokenizer.json']) listed(name, 'files');
  return {
    name: read.text(model.name, 'model.name'),
    weights: typeof model.weights_sha256 === 'string' ? model.weights_sha256 : '',
    target: read.text(root.target, 'target'),
    quantize: read.text(root.quantize, 'quantize'),
    sessionConfig,
    image,
    language,
    minPChange: root.min_p_change === undefined ? 0 : read.share(root.min_p_change, 'min_p_change'),
    hasChangeHead: root.change_head !== undefined,
    vision: graphOf(read, root, 'vision', listed),
    decoder: graphOf(read, root, 'decoder', listed),
    inCore: core.includes('vision') && core.includes('decoder'),
    embeddingFiles,
    files,
    totalBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    json,
  };
}
