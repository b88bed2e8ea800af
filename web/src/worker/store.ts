// Model files: downloaded once, in parts if need be, verified by checksum, and kept on this machine.
//
// The origin's private file system holds models/<sha256>, and models/<sha256>.part while it is being downloaded; a file
// that two models share is there once. Where a browser has no such file system (a page that is neither https nor
// localhost), files are kept in memory for the visit.
import {CodedError} from './failure';
import {sha256} from './sha256';

export interface ManifestFile {
  name: string;
  bytes: number;
  sha256: string;
}

// May throw, which ends the download; what has arrived is kept.
export type Progress = (file: string, have: number, bytes: number) => void;

const TRIES = 3;
const PART = '.part';

// A file of the store under a name, written front to back.
interface Writer {
  size(): number;
  write(chunk: Uint8Array): void;
  restart(): void;
  close(): void;
}

interface Shelf {
  read(name: string): Promise<ArrayBuffer | null>;
  size(name: string): Promise<number>;
  open(name: string): Promise<Writer>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}

class DiskShelf implements Shelf {
  constructor(private readonly folder: FileSystemDirectoryHandle) {}

  private async file(name: string): Promise<File | null> {
    try {
      return await (await this.folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
  async read(name: string): Promise<ArrayBuffer | null> {
    return (await (await this.file(name))?.arrayBuffer()) ?? null;
  }
  async size(name: string): Promise<number> {
    return (await this.file(name))?.size ?? 0;
  }
  async open(name: string): Promise<Writer> {
    const handle = await (await this.folder.getFileHandle(name, {create: true})).createSyncAccessHandle();
    let at = handle.getSize();
    return {
      size: () => at,
      write: (chunk) => {
        const written = handle.write(chunk as Uint8Array<ArrayBuffer>, {at});
        if (written < chunk.length) throw new DOMException('the disk is full', 'QuotaExceededError');
        at += written;
      },
      restart: () => {
        handle.truncate(0);
        at = 0;
      },
      close: () => {
        handle.flush();
        handle.close();
      },
    };
  }
  async rename(from: string, to: string): Promise<void> {
    const handle = await this.folder.getFileHandle(from);
    await (handle as unknown as {move(name: string): Promise<void>}).move(to);
  }
  async remove(name: string): Promise<void> {
    try {
      await this.folder.removeEntry(name);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (this.folder as unknown as {keys(): AsyncIterable<string>}).keys()) names.push(name);
    return names;
  }
}

class MemoryShelf implements Shelf {
  private readonly files = new Map<string, Uint8Array[]>();

  async read(name: string): Promise<ArrayBuffer | null> {
    const chunks = this.files.get(name);
    return chunks ? new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer() : null;
  }
  async size(name: string): Promise<number> {
    return (this.files.get(name) ?? []).reduce((sum, chunk) => sum + chunk.length, 0);
  }
  async open(name: string): Promise<Writer> {
    const chunks = this.files.get(name) ?? [];
    this.files.set(name, chunks);
    let at = await this.size(name);
    return {
      size: () => at,
      write: (chunk) => {
        chunks.push(chunk.slice());
        at += chunk.length;
      },
      restart: () => {
        chunks.length = 0;
        at = 0;
      },
      close: () => {},
    };
  }
  async rename(from: string, to: string): Promise<void> {
    const chunks = this.files.get(from);
    if (chunks) this.files.set(to, chunks);
    this.files.delete(from);
  }
  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
  async names(): Promise<string[]> {
    return [...this.files.keys()];
  }
}

// One worker at a time for a name, of all that this page and its other tabs run: a file has one writer, and what one has
// downloaded the next finds there.
function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(`ccx-models/${name}`, work) as Promise<T> : work();
}

// Thrown where the connection ends early: worth another try.
class Broken extends Error {}

export class Store {
  private constructor(private readonly shelf: Shelf, readonly keeps: boolean) {}

  static async open(): Promise<Store> {
    try {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('models', {create: true});
      return new Store(new DiskShelf(folder), true);
    } catch {
      return new Store(new MemoryShelf(), false);
    }
  }

  // The text at an address that may change: from the network, or without one as it was last time.
  async text(url: string): Promise<string> {
    const name = `${await sha256(new TextEncoder().encode(url))}.text`;
    let response: Response;
    try {
      response = await fetch(url, {cache: 'no-cache'});
    } catch {
      const kept = await this.shelf.read(name);
      if (kept) return new TextDecoder().decode(kept);
      throw new CodedError('network', navigator.onLine
        ? `${url} cannot be reached. Check the address and the connection; another site must allow this page to read it (CORS).`
        : `${url} cannot be reached: there is no network.`);
    }
    if (!response.ok) throw new CodedError('network', `${url}: the server answers ${response.status} ${response.statusText}`.trim());
    const bytes = new Uint8Array(await response.arrayBuffer());
    await alone(name, async () => {
      const writer = await this.shelf.open(name);
      try {
        writer.restart();
        writer.write(bytes);
      } finally {
        writer.close();
      }
    });
    return new TextDecoder().decode(bytes);
  }

  async has(file: ManifestFile): Promise<boolean> {
    return (await this.shelf.size(file.sha256)) === file.bytes;
  }

  // Bytes of a file that are here, whole or in part.
  async held(file: ManifestFile): Promise<number> {
    return (await this.has(file)) ? file.bytes : this.shelf.size(file.sha256 + PART);
  }

  // The file's content, downloaded where it is not here.
  get(url: string, file: ManifestFile, progress: Progress): Promise<ArrayBuffer> {
    return alone(file.sha256, () => this.kept(url, file, progress));
  }

  private async kept(url: string, file: ManifestFile, progress: Progress): Promise<ArrayBuffer> {
    const kept = (await this.has(file)) ? await this.shelf.read(file.sha256) : null;
    if (kept) {
      if ((await sha256(new Uint8Array(kept))) === file.sha256) return kept;
      await this.shelf.remove(file.sha256); // damaged on disk: fetched anew
    }
    await this.download(url, file, progress);
    const fresh = await this.shelf.read(file.sha256 + PART);
    if (!fresh || fresh.byteLength !== file.bytes || (await sha256(new Uint8Array(fresh))) !== file.sha256) {
      await this.shelf.remove(file.sha256 + PART);
      throw new CodedError('checksum', `${file.name} does not have the checksum that its manifest gives. The download was thrown away; if it fails again, the file on the server is damaged or belongs to another export.`);
    }
    await this.shelf.rename(file.sha256 + PART, file.sha256);
    return fresh;
  }

  private async download(url: string, file: ManifestFile, progress: Progress): Promise<void> {
    for (let tries = 1; ; ++tries) {
      const writer = await this.shelf.open(file.sha256 + PART);
      try {
        if (writer.size() > file.bytes) writer.restart();
        if (writer.size() < file.bytes) await this.fetchInto(writer, url, file, progress);
        return;
      } catch (error) {
        if (error instanceof DOMException && error.name === 'QuotaExceededError') {
          throw new CodedError('out_of_memory', `${file.name} does not fit into this browser's storage. Clear downloaded models or free disk space.`);
        }
        if (!(error instanceof Broken)) throw error;
        if (tries === TRIES) {
          const percent = Math.floor((100 * writer.size()) / file.bytes);
          const reason = navigator.onLine ? '' : ': there is no network';
          throw new CodedError('network', `The download of ${file.name} broke off at ${percent} %${reason}. What has arrived is kept: try again and it goes on from there.`);
        }
      } finally {
        writer.close();
      }
      await new Promise((resume) => setTimeout(resume, 400 * tries));
    }
  }

  private async fetchInto(writer: Writer, url: string, file: ManifestFile, progress: Progress): Promise<void> {
    const from = writer.size();
    let response: Response;
    try {
      response = await fetch(url, {cache: 'no-store', headers: from > 0 ? {Range: `bytes=${from}-`} : {}});
    } catch {
      throw new Broken();
    }
    if (response.status >= 500) throw new Broken();
    if (!response.ok || !response.body) throw new CodedError('network', `${file.name}: the server answers ${response.status} ${response.statusText}`.trim());
    const goesOn = response.status === 206 && response.headers.get('Content-Range')?.startsWith(`bytes ${from}-`);
    if (from > 0 && !goesOn) writer.restart();
    const reader = response.body.getReader();
    for (;;) {
      let part: ReadableStreamReadResult<Uint8Array>;
      try {
        part = await reader.read();
      } catch {
        throw new Broken();
      }
      if (part.done) break;
      if (writer.size() + part.value.length > file.bytes) {
        await reader.cancel();
        writer.restart();
        throw new CodedError('checksum', `${file.name} on the server is larger than its manifest says: they are not of one export.`);
      }
      writer.write(part.value);
      try {
        progress(file.name, writer.size(), file.bytes);
      } catch (halted) {
        void reader.cancel();
        throw halted;
      }
    }
    if (writer.size() < file.bytes) throw new Broken();
  }

  async bytes(): Promise<number> {
    let sum = 0;
    for (const name of await this.shelf.names()) sum += await this.shelf.size(name);
    return sum;
  }

  async clear(): Promise<void> {
    for (const name of await this.shelf.names()) await this.shelf.remove(name);
  }
}
