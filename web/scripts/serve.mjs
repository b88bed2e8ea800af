// Serves a folder on localhost: node scripts/serve.mjs [--dir dist] [--port 8010] [--prefix /some/path/] [--plain]
//
// Sends the two headers without which a page has no threads; --plain leaves them out, as most static hosts do. Knows
// Range requests, so that a broken download goes on where it stopped.
import {createReadStream, existsSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import {dirname, extname, join, normalize, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.json': 'application/json', '.wasm': 'application/wasm', '.png': 'image/png', '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml', '.webp': 'image/webp',
};

export function serve({dir, port = 0, prefix = '/', plain = false, intercept = undefined}) {
  const root = resolve(dir);
  const server = createServer((request, response) => {
    const headers = plain ? {} : {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    headers['Cache-Control'] = 'no-cache';
    const end = (status, text) => {
      response.writeHead(status, {...headers, 'Content-Type': 'text/plain'});
      response.end(text);
    };
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    } catch {
      return end(400, 'not an address\n');
    }
    if (intercept?.(request, response, path)) return undefined;
    if (!path.startsWith(prefix)) return end(404, `the page is at ${prefix}\n`);
    let file = normalize(join(root, path.slice(prefix.length)));
    if (file !== root && !file.startsWith(root + '/')) return end(403, 'outside the folder\n');
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!existsSync(file)) return end(404, 'no such file\n');
    const {size, mtimeMs} = statSync(file);
    headers.ETag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
    if (request.headers['if-none-match'] === headers.ETag) {
      response.writeHead(304, headers);
      return response.end();
    }
    headers['Content-Type'] = types[extname(file)] ?? 'application/octet-stream';
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const first = range ? Number(range[1]) : 0;
    const last = range && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    if (range && first > last) {
      response.writeHead(416, {...headers, 'Content-Range': `bytes */${size}`});
      return response.end();
    }
    if (range) headers['Content-Range'] = `bytes ${first}-${last}/${size}`;
    response.writeHead(range ? 206 : 200, {...headers, 'Accept-Ranges': 'bytes', 'Content-Length': last - first + 1});
    if (request.method === 'HEAD' || size === 0) return response.end();
    return createReadStream(file, {start: first, end: last}).pipe(response);
  });
  return new Promise((done, failed) => {
    server.on('error', failed);
    server.listen(port, '127.0.0.1', () => done({server, url: `http://localhost:${server.address().port}${prefix}`}));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {values} = parseArgs({options: {
    dir: {type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../dist')},
    port: {type: 'string', default: '8010'},
    prefix: {type: 'string', default: '/'},
    plain: {type: 'boolean', default: false},
  }});
  serve({...values, port: Number(values.port)}).then(
    ({url}) => console.error(`The page is at ${url} (Ctrl-C ends it)`),
    (error) => {
      console.error(error.code === 'EADDRINUSE' ? `port ${values.port} is taken; name another with --port` : error.message);
      process.exit(1);
    });
}
