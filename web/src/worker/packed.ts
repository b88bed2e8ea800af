// WebAssembly that the build has packed (scripts/prepare.mjs), fetched and unpacked.
import {CodedError, unreachable} from './failure';

// what: its name where it cannot be had. `report` is told the packed bytes that have arrived, and may throw.
export async function fetchPacked(url: URL, what: string, report: (have: number) => void): Promise<ArrayBuffer> {
  let response: Response;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    response = await fetch(url);
  } catch {
    throw unreachable(what);
  }
  if (!response.ok || !response.body) throw new CodedError('network', `${what} could not be fetched: for ${url.href} the server answers ${response.status}. Try again.`);
  let have = 0;
  const reader = response.body.getReader();
  for (;;) {
    const part = await reader.read().catch(() => Promise.reject(unreachable(what)));
    if (part.done) break;
    parts.push(part.value);
    report((have += part.value.length));
  }
  const packed = new Blob(parts);
  const head = new Uint8Array(await packed.slice(0, 2).arrayBuffer());
  if (head[0] !== 0x1f || head[1] !== 0x8b) return packed.arrayBuffer(); // the server has already said Content-Encoding: gzip
  return new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
