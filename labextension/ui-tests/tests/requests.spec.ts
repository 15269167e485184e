import type { Page } from '@playwright/test';

import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';
import type { JupyterServer } from '../src/server';

/** Everything that is asked of our part of the server from now on, kernels named K. */
function listen(page: Page, server: JupyterServer): string[] {
  const asked: string[] = [];
  const ours = `${server.url}envsnap/`;
  page.on('request', request => {
    if (request.url().startsWith(ours)) {
      const path = request
        .url()
        .slice(ours.length)
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'K')
        // JupyterLab's own, against caches.
        .replace(/[?&]\d{13}$/, '');
      asked.push(`${request.method()} ${path}`);
    }
  });
  return asked;
}

/** As the browser says it when another tab comes to the front, or this one does again. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(value => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** That the server told this page of a change. */
function eventOfDrift(page: Page): Promise<void> {
  return new Promise(resolve => {
    page.on('websocket', socket => {
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('jupyter_envsnap/drift/v1')) {
          resolve();
        }
      });
    });
  });
}

const GLANCE = 'GET kernels/K/drift?no_track_activity=1';

test('nothing is asked before there is a kernel, and then no more than the status bar shows', async ({
  page,
  server,
  repository
}) => {
  const asked = listen(page, server);
  await page.goto(`${server.url}lab/workspaces/no-kernel-yet?reset`);
  await expect(page.locator('#jp-main-statusbar')).toBeVisible();
  await page.evaluate(() => window.jupyterapp.restored);
  await expect(page.getByRole('tab', { name: 'Launcher' })).toBeVisible();
  expect(asked).toEqual([]);

  const status = page.locator('#jp-main-statusbar');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await expect(new Panel(page).root).toBeHidden();
  await expect(status).toContainText('env not saved');
  // The settings are the server's business, once, when there is a kernel that they are about.
  expect(asked.filter(request => request !== GLANCE)).toEqual(['GET settings']);
});

test('a tab that nobody sees asks nothing, and catches up when it is seen', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const status = page.locator('#jp-main-statusbar');
  const changeIsTold = eventOfDrift(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.action(/^Not saved yet/)).toBeVisible();
  await expect(status).toContainText('env not saved');
  const text = await panel.text();

  await setHidden(page, true);
  const asked = listen(page, server);
  repository.write('environment.yml', text);
  await changeIsTold;
  expect(asked).toEqual([]);

  await setHidden(page, false);
  await expect(panel.action(/^Matches environment\.yml/)).toBeVisible();
  await expect(status).toContainText('env ✓');
});

test('a server that is gone is asked ever more rarely, and by nobody who is hidden', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await page.clock.install();
  await page.route('**/envsnap/**', route => route.abort('connectionrefused'));
  await command(page, 'envsnap:refresh');
  await expect(panel.root).toContainText('Trying again in 2 seconds.');
  const asked = listen(page, server);
  const again = 'GET kernels?no_track_activity=1';
  await page.clock.runFor(2_000);
  await expect(panel.root).toContainText('Trying again in 4 seconds.');
  await page.clock.runFor(4_000);
  await expect(panel.root).toContainText('Trying again in 8 seconds.');
  expect(asked).toEqual([again, again]);

  await setHidden(page, true);
  await page.clock.runFor(60_000);
  expect(asked).toEqual([again, again]);
  await page.unroute('**/envsnap/**');
  await setHidden(page, false);
  await expect(panel.root).not.toContainText('does not answer');
});
