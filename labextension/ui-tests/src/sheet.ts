import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TestInfo } from '@playwright/test';

/** What the contact sheet shows: every state of the panel, every view, every dialog. */
export const STATES = {
  'no-kernel': 'No kernel',
  starting: 'Kernel is starting',
  reading: 'Reading, first time',
  same: 'Saved and unchanged',
  changed: 'Changed since the file',
  unsaved: 'No file yet',
  'changed-since-snapshot': 'Changed since the snapshot',
  'file-unclear': 'File cannot be read',
  'being-changed': 'Being changed',
  dead: 'Kernel died',
  remote: 'Remote kernel',
  'no-environment': 'Not an environment',
  unreadable: 'Unreadable',
  missing: 'Environment is gone',
  'server-gone': 'Server gone',
  forbidden: 'Permission denied',
  'read-only': 'May not write',
  off: 'Extension off on the server',
  'history-not-kept': 'History not kept',
  environment: 'Environment, with things to know',
  about: 'About this environment',
  writing: 'How it is written',
  found: 'How it was found',
  choice: 'Choose environment',
  changes: 'Changes',
  sides: 'Changes, choosing a side',
  incomparable: 'Changes, which cannot be compared',
  history: 'History, a row unfolded',
  selected: 'History, two selected',
  past: 'A snapshot, opened',
  save: 'Save dialog',
  conflict: 'Save dialog, someone else wrote the file'
} as const;

export type StateName = keyof typeof STATES;

export const THEMES = {
  light: 'JupyterLab Light',
  dark: 'JupyterLab Dark',
  contrast: 'JupyterLab Dark High Contrast'
} as const;

export type Theme = keyof typeof THEMES;

export const WIDTHS_PX = [280, 360, 560] as const;

/** One picture: a state in a theme at a width. */
export interface Cell {
  readonly state: StateName;
  readonly theme: Theme;
  readonly width: number;
}

/** Every cell of the sheet, row by row. */
export function cells(): Cell[] {
  return (Object.keys(STATES) as StateName[]).flatMap(state =>
    (Object.keys(THEMES) as Theme[]).flatMap(theme =>
      WIDTHS_PX.map(width => ({ state, theme, width }))
    )
  );
}

export function cellName({ state, theme, width }: Cell): string {
  return `${state}-${theme}-${width}`;
}

/** Where the pictures of this run wait for the sheet: Playwright empties it before each run. */
export function waitingRoom({ project }: TestInfo): string {
  return join(project.outputDir, 'cells');
}

/** Keep a picture for the sheet, with the name of the test that made it. */
export function keep(testInfo: TestInfo, cell: Cell, picture: Buffer): void {
  const folder = waitingRoom(testInfo);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, cellName(cell));
  writeFileSync(`${path}.png`, picture);
  writeFileSync(`${path}.txt`, testInfo.title);
}
