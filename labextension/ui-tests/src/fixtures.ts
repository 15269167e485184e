import {
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  test as base
} from '@playwright/test';

import { photograph } from './photograph';
import { Repository } from './repository';
import { type Flavour, JupyterServer, LAB } from './server';
import type { StateName } from './sheet';

export interface WorkerOptions {
  flavour: Flavour;
  /** How the browser's window is. */
  look: BrowserContextOptions;
}

interface WorkerFixtures extends WorkerOptions {
  server: JupyterServer;
  /** Signed in; kept from test to test, for what the browser has cached. */
  window: BrowserContext;
}

interface TestFixtures {
  /** A new git repository of this test's own. */
  repository: Repository;
  /**
   * Take the pictures of a state for the contact sheet, and let axe look at each theme. A dialog
   * is given by its name; without one it is the panel.
   */
  picture: (state: StateName, dialog?: Locator) => Promise<void>;
}

let repositories = 0;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  flavour: [LAB, { option: true, scope: 'worker' }],
  look: [{ viewport: { width: 1280, height: 800 } }, { option: true, scope: 'worker' }],

  server: [
    async ({ flavour }, use) => {
      if (flavour.bin === '') {
        throw new Error(
          'ENVSNAP_OLDEST_BIN is not set: the bin folder of a virtual environment with ' +
            'JupyterLab 4.4, Notebook 7.4 and this package'
        );
      }
      const server = await JupyterServer.start(flavour);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 }
  ],

  window: [
    async ({ browser, look, server }, use) => {
      const window = await browser.newContext({
        ...look,
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write']
      });
      window.setDefaultTimeout(30_000);
      window.setDefaultNavigationTimeout(60_000);
      const page = await window.newPage();
      const api = new URL('api', server.url).pathname;
      await page.goto(`${server.url}login?token=${server.token}&next=${api}`);
      await page.close();
      await use(window);
      await window.close();
    },
    { scope: 'worker' }
  ],

  repository: async ({ server }, use) => {
    repositories += 1;
    await use(Repository.create(server.root, `climate-models-${repositories}`));
  },

  picture: async ({ page }, use, testInfo) => {
    await use((state, dialog) => photograph(page, testInfo, state, dialog));
  },

  page: async ({ window, server }, use, testInfo) => {
    const thrown: string[] = [];
    const page = await window.newPage();
    page.on('pageerror', ({ stack, message }) => {
      if (stack?.includes('jupyter-envsnap')) {
        thrown.push(`${message}\n${stack}`);
      }
    });
    await use(page);
    if (testInfo.errors.length > 0) {
      await testInfo.attach('server.log', {
        body: server.log,
        contentType: 'text/plain'
      });
      await testInfo.attach('screenshot', {
        body: await page.screenshot(),
        contentType: 'image/png'
      });
    }
    // An answer that is being changed on its way has nobody to go to any more.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await Promise.all(window.pages().map(each => each.close()));
    await server.tidyUp();
    base.expect(thrown, 'errors thrown by the extension').toEqual([]);
  }
});

export { expect } from '@playwright/test';
