// docs/*.md as pages beside the page, so that a copy of it carries its model card and its manual.
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {marked} from 'marked';

const page = (title, body) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} - ccx</title>
<style>
body { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; color: #17211f; background: #f4f5f2; overflow-wrap: anywhere; }
a { color: #0d5c56; } img { max-width: 100%; } code { font: .92em ui-monospace, Menlo, monospace; }
pre { overflow-x: auto; padding: .8rem; background: #fff; border: 1px solid #d5dad5; border-radius: 9px; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border: 1px solid #d5dad5; padding: .35rem .6rem; text-align: left; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { color: #e6ece9; background: #101615; } a { color: #5cc4b5; } pre { background: #182120; } pre, th, td { border-color: #2d3a38; } }
</style>
</head>
<body>
<p><a href="../">Back to the page</a></p>
<main>${body}</main>
</body>
</html>
`;

export function addDocs(from, to) {
  mkdirSync(to, {recursive: true});
  const names = readdirSync(from).filter((name) => name.endsWith('.md'));
  for (const name of names) {
    const text = readFileSync(join(from, name), 'utf8');
    const title = /^# (.+)$/m.exec(text)?.[1] ?? basename(name, '.md');
    // Links between the documents lead to their pages; those into the tree have nothing here.
    const body = marked.parse(text, {async: false}).replace(/href="([\w-]+)\.md(#[\w-]*)?"/g, 'href="$1.html$2"');
    writeFileSync(join(to, name.replace(/\.md$/, '.html')), page(title, body));
  }
  if (existsSync(join(from, 'images'))) cpSync(join(from, 'images'), join(to, 'images'), {recursive: true});
}
