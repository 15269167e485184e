import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

import type { WorkerOptions } from './src/fixtures';
import { LAB } from './src/server';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Playwright's own browser serves where neither was given nor Debian's is there.
const browser =
  process.env.CHROMIUM || existsSync(chromium) ? { executablePath: chromium } : {};

const OLDEST = process.env.ENVSNAP_OLDEST_BIN ?? '';
const STORY = /\/story\.spec\.ts$/;
const CHANGES = /\/changes\.spec\.ts$/;
const HISTORY = /\/history\.spec\.ts$/;
const TOOLBAR = /toolbar\.spec\.ts$/;
/** Each of these takes the pictures of some states; the sheet holds them together. */
const STATES = /(states|standing|views|switched-off)\.spec\.ts$/;
const SHEET = /sheet\.spec\.ts$/;
const PICTURES = /pictures\.spec\.ts/;

export default defineConfig<object, WorkerOptions>({
  testDir: 'tests',
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Ceilings, for a machine that is busy: nothing waits for time.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  projects: [
    { name: 'JupyterLab', testIgnore: [STATES, SHEET, TOOLBAR, PICTURES] },
    {
      name: 'states',
      testMatch: STATES,
      teardown: 'contact sheet',
      timeout: 240_000
    },
    { name: 'contact sheet', testMatch: SHEET },
    {
      name: 'JupyterLab under /user/x/',
      testMatch: STORY,
      use: { flavour: { ...LAB, baseUrl: '/user/x/' } }
    },
    {
      name: 'Notebook 7',
      testMatch: [STORY, TOOLBAR],
      use: { flavour: { ...LAB, app: 'notebook' } }
    },
    {
      name: 'JupyterLab 4.4',
      testMatch: [STORY, CHANGES, HISTORY],
      use: { flavour: { ...LAB, bin: OLDEST } }
    },
    {
      name: 'Notebook 7.4',
      testMatch: [STORY, TOOLBAR],
      use: { flavour: { ...LAB, app: 'notebook', bin: OLDEST } }
    },
    {
      // They are written into docs/, so only on request.
      name: 'pictures',
      testMatch: process.env.ENVSNAP_PICTURES ? PICTURES : [],
      use: { look: { viewport: { width: 1180, height: 700 }, deviceScaleFactor: 1.5 } }
    }
  ],
  use: {
    launchOptions: {
      ...browser,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
});
