// Fails where the page, as built for production, is above its budget.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 60;
const folder = new URL('../../jupyter_envsnap/labextension/static/', import.meta.url);

let total = 0;
for (const name of await readdir(folder)) {
  if (/\.(js|css)$/.test(name)) {
    const bytes = gzipSync(await readFile(new URL(name, folder))).length;
    total += bytes;
    console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}`);
  }
}
console.log(
  `${(total / 1000).toFixed(1).padStart(7)} kB  gzipped in all, of ${LIMIT_KB}`
);
if (total === 0 || total > LIMIT_KB * 1000) {
  console.error('The page is not built, or above its budget.');
  process.exit(1);
}
