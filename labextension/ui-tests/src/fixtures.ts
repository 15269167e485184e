import { test as base } from '@playwright/test';

import { Repository } from './repository';
import { type Flavour, JupyterServer, LAB } from './server';

export interface WorkerOptions {
  flavour: Flavour;
}

interface WorkerFixtures extends WorkerOptions {
  server: JupyterServer;
}

interface TestFixtures {
  /** A new git repository of this test's own, called `climate-models`-something. */
  repository: Repository;
}

let repositories = 0;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  flavour: [LAB, { option: true, scope: 'worker' }],

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

  repository: async ({ server }, use) => {
    repositories += 1;
    await use(Repository.create(server.root, `climate-models-${repositories}`));
  },

  page: async ({ page, server }, use, testInfo) => {
    const thrown: string[] = [];
    page.on('pageerror', error => thrown.push(String(error.stack ?? error)));
    await page.goto(
      `${server.url}login?token=${server.token}&next=${new URL(server.url).pathname}api`
    );
    await use(page);
    await page.goto('about:blank');
    server.deny();
    await server.shutDownKernels();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', {
        body: server.log,
        contentType: 'text/plain'
      });
    }
    base.expect(thrown).toEqual([]);
  }
});

export { expect } from '@playwright/test';
