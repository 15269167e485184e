// Fails where the page, as built for production, is above its budget: what this project writes,
// and that part of it which every start of JupyterLab loads. The rest comes once somebody looks
// or acts. What the builder adds to every extension (module federation) is only told.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const OURS_KB = 60;
const START_KB = 29;
const folder = new URL('../../jupyter_envsnap/labextension/static/', import.meta.url);

function partOf(name, text) {
  if (/^(remoteEntry\.|style\.js)/.test(name)) {
    return 'builder';
  }
  // The code that draws writes a class as a word of its own; a style sheet does not.
  return text.includes('"jp-EnvSnap-formBody"') ? 'views' : 'start';
}

const totals = { start: 0, views: 0, builder: 0 };
for (const name of await readdir(folder)) {
  if (/\.(js|css)$/.test(name)) {
    const text = await readFile(new URL(name, folder), 'utf-8');
    const part = partOf(name, text);
    const bytes = gzipSync(text).length;
    totals[part] += bytes;
    console.log(`${kilobytes(bytes)}  ${part.padEnd(7)}  ${name}`);
  }
}
const ours = totals.start + totals.views;
console.log(`${kilobytes(ours)}  gzipped, of ${OURS_KB}`);
console.log(`${kilobytes(totals.start)}  of them at a start, of ${START_KB}`);
console.log(`${kilobytes(totals.builder)}  and the builder's own`);
const above = ours > OURS_KB * 1000 || totals.start > START_KB * 1000;
if (above || totals.start === 0 || totals.views === 0) {
  console.error('The page is not built, or above its budget.');
  process.exit(1);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
