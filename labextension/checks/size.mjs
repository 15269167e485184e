// Fails where the page, as built for production, is above its budget: all of it, and that part
// of it which every start of JupyterLab loads. The rest comes once somebody looks or acts.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const TOTAL_KB = 64.5;
const START_KB = 33.5;
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
const total = totals.start + totals.views;
console.log(`${kilobytes(total)}  gzipped in all, of ${TOTAL_KB}`);
console.log(`${kilobytes(totals.start)}  of them at a start, of ${START_KB}`);
const above = total > TOTAL_KB * 1000 || totals.start > START_KB * 1000;
if (above || totals.start === 0 || totals.views === 0) {
  console.error('The page is not built, or above its budget.');
  process.exit(1);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
