// The page as plain files under relative addresses, so that it works from any folder of any static host.
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {defineConfig, type Plugin} from 'vite';

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

// Files of ONNX Runtime, which most visits never need, by the backend that it is for.
const RUNTIMES = {
  wasm: /^(ort\/ort-wasm-simd-threaded\.(js|wasm\.gz)|assets\/ort\.wasm.*)$/,
  webgpu: /^(ort\/ort-wasm-simd-threaded\.asyncify\..*|assets\/ort\.webgpu.*)$/,
};

// Fills in which files the service worker keeps for a visit without a network: the page itself at once; the core, the examples
// and the docs when a first caption was wanted; ONNX Runtime when it was used. Models are not among them: the page stores
// those itself.
function offlineList(): Plugin {
  return {
    name: 'ccx-offline-list',
    apply: 'build',
    closeBundle() {
      const dist = join(import.meta.dirname, 'dist');
      const kept = filesUnder(dist)
        .map((path) => relative(dist, path).replaceAll('\\', '/'))
        .filter((path) => !/^models\/|^docs\/images\/|^sw\.js$/.test(path))
        .sort();
      const hash = createHash('sha256');
      for (const path of kept) hash.update(path).update(readFileSync(join(dist, path)));
      const runtimes = Object.fromEntries(Object.entries(RUNTIMES).map(([backend, files]) => [backend, kept.filter((path) => files.test(path))]));
      const isRuntime = (path: string) => /^ort\/|^assets\/ort\./.test(path);
      if (Object.values(runtimes).flat().length !== kept.filter(isRuntime).length || Object.values(runtimes).some((files) => files.length !== 3)) {
        throw new Error('vite.config.ts does not know which files of ONNX Runtime are for which backend');
      }
      const isFirst = (path: string) => /^(index\.html|icon\.svg|site\.json|assets\/(index|reader|worker)-.*)$/.test(path);
      const list = kept.filter(isFirst).map((path) => (path === 'index.html' ? './' : path));
      const later = kept.filter((path) => !isFirst(path) && !isRuntime(path));
      const script = join(dist, 'sw.js');
      const text = readFileSync(script, 'utf8')
        .replace("'@VERSION@'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("'@FILES@'", JSON.stringify(list))
        .replace("'@LATER@'", JSON.stringify(later))
        .replace("'@RUNTIMES@'", JSON.stringify(runtimes));
      writeFileSync(script, text);
    },
  };
}

export default defineConfig({
  base: './',
  publicDir: '.generated',
  resolve: {conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'import', 'default']},
  worker: {format: 'es'},
  build: {target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 800},
  plugins: [offlineList()],
});
