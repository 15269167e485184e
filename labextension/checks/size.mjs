// Fails where the page, as built for production, is above its budget: what every start of
// JupyterLab loads, and what comes once somebody looks.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const START_KB = 42;
const VIEWS_KB = 30;
const folder = new URL('../../jupyter_envsnap/labextension/static/', import.meta.url);

/** The code that draws writes a class as a word of its own; a style sheet does not. */
const isView = text => text.includes('"jp-EnvSnap-formBody"');

const totals = { start: 0, views: 0 };
for (const name of await readdir(folder)) {
  if (/\.(js|css)$/.test(name)) {
    const text = await readFile(new URL(name, folder), 'utf-8');
    const when = isView(text) ? 'views' : 'start';
    const bytes = gzipSync(text).length;
    totals[when] += bytes;
    console.log(`${kilobytes(bytes)}  ${when}  ${name}`);
  }
}
console.log(`${kilobytes(totals.start)}  gzipped at a start, of ${START_KB}`);
console.log(`${kilobytes(totals.views)}  gzipped at the first look, of ${VIEWS_KB}`);
const above = totals.start > START_KB * 1000 || totals.views > VIEWS_KB * 1000;
if (above || totals.start === 0 || totals.views === 0) {
  console.error('The page is not built, or above its budget.');
  process.exit(1);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
