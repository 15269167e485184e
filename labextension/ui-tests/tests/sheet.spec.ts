import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, test } from '@playwright/test';

import {
  type Cell,
  cellName,
  cells,
  STATES,
  THEMES,
  WIDTHS_PX,
  waitingRoom
} from '../src/sheet';

const DOCS = resolve(__dirname, '..', '..', '..', 'docs');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function figure(cell: Cell, madeBy: string): string {
  const name = cellName(cell);
  const alt = `${STATES[cell.state]}, ${cell.theme}, ${cell.width} px`;
  return (
    `<figure><img loading="lazy" src="states/${name}.png" alt="${alt}">` +
    `<figcaption>${cell.width} px: ${escaped(madeBy)}</figcaption></figure>`
  );
}

function page(sections: string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The states of the panel</title>
<style>
  body { margin: 16px; font: 14px/1.4 system-ui, sans-serif; color: #222; background: #eee; }
  section > div { display: flex; gap: 12px; margin-bottom: 12px; align-items: start; }
  figure { margin: 0; }
  img { display: block; border: 1px solid #bbb; }
  figcaption { max-width: 280px; font-size: 12px; color: #555; }
</style>
<h1>The states of the panel</h1>
<p>Each in ${Object.values(THEMES).join(', ')} at ${WIDTHS_PX.join(', ')} px; under each the test that made it.</p>
${sections.join('\n')}
</html>
`;
}

test('every state has its picture in every theme and width', ({}, testInfo) => {
  const room = waitingRoom(testInfo);
  const isThere = (cell: Cell): boolean =>
    existsSync(join(room, `${cellName(cell)}.png`));
  const there = cells().filter(isThere);
  rmSync(join(DOCS, 'states'), { recursive: true, force: true });
  mkdirSync(join(DOCS, 'states'));
  const sections = Object.entries(STATES).map(([state, words]) => {
    const rows = Object.keys(THEMES).map(theme => {
      const row = there.filter(cell => cell.state === state && cell.theme === theme);
      const figures = row.map(cell => {
        const from = join(room, cellName(cell));
        copyFileSync(`${from}.png`, join(DOCS, 'states', `${cellName(cell)}.png`));
        return figure(cell, readFileSync(`${from}.txt`, 'utf-8'));
      });
      return `<div>${figures.join('\n')}</div>`;
    });
    return `<section id="${state}"><h2>${words}</h2>${rows.join('\n')}</section>`;
  });
  writeFileSync(join(DOCS, 'states.html'), page(sections));
  const missing = cells().filter(cell => !isThere(cell));
  expect(missing.map(cellName), 'cells without a picture').toEqual([]);
});
