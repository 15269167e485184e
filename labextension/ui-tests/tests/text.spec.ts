import type { Page } from '@playwright/test';

import { expect, test } from '../src/fixtures';
import { command, kernelReady, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';

/** Let the server say this, too, of all kernels. */
async function answerWith(page: Page, more: object): Promise<void> {
  await page.route(/envsnap\/kernels\?/, async route => {
    const response = await route.fetch();
    const { kernels } = (await response.json()) as { kernels: object[] };
    const changed = kernels.map(kernel => ({ ...kernel, ...more }));
    await route.fulfill({ response, json: { kernels: changed } });
  });
}

/** Let the server say that this is at work in the environments of all kernels. */
async function answerWithInstaller(page: Page, installer: string): Promise<void> {
  await answerWith(page, { changing: installer });
  await page.route('**/envsnap/kernels/*/drift*', async route => {
    const response = await route.fetch();
    const drift = (await response.json()) as object;
    await route.fulfill({ response, json: { ...drift, changing: installer } });
  });
}

test('what changed since the file is marked where it stands, and gone to by keyboard', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  const [tools = ''] = /climate-tools==\S+/.exec(await panel.text()) ?? [];
  const before = (await panel.text())
    .replace(tools, 'climate-tools==1.0.0\n  - climate-trends==0.9.0')
    .replace(/ {2}- python==.*\n/, '');
  repository.write('environment.yml', before);
  await command(page, 'envsnap:refresh');

  const changed = panel.line(tools);
  await expect(changed.getByRole('img', { name: 'Changed' })).toBeVisible();
  await expect(changed).toHaveAttribute('title', /was 1\.0\.0/);
  await expect(changed.getByRole('img', { name: 'Removed' })).toHaveCount(1);
  await expect(panel.lines.first().getByRole('img')).toHaveCount(0);

  await panel.region.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(panel.told).toContainText('Changed: climate-tools, was 1.0.0');
  await expect(panel.told).toContainText('Removed here: climate-trends 0.9.0');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(panel.told).toHaveText('Added: python');
  await expect(panel.line('- python=').getByRole('img', { name: 'Added' })).toBeVisible();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(panel.told).toContainText('Changed: climate-tools');

  await panel.root.locator('.jp-EnvSnap-ruler > .jp-EnvSnap-ok').first().click();
  await expect(panel.told).toHaveText('Added: python');
});

test('a file with an error is opened in the line that has it', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  repository.write(
    'environment.yml',
    'name: climate\ndependencies:\n  - python=3.12\n\nname: forecast\n'
  );
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await panel.action('environment.yml: error in line 5').click();
  await expect(page.locator('#jp-main-statusbar')).toContainText('Ln 5, Col 1');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Delete');
  await command(page, 'docmanager:save');
  expect(repository.read('environment.yml')).not.toContain('forecast');
  await expect(panel.action(/since environment\.yml/)).toBeVisible();
});

test('while something is installed, Snapshot waits', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const status = page.locator('#jp-main-statusbar');
  await answerWithInstaller(page, 'pip');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await expect(status).toContainText('env changing…');
  await expect(status.getByTitle('pip is at work in climate')).toBeVisible();
  await command(page, 'envsnap:show');
  await expect(panel.root).toContainText(/pip is at work\. As of \d\d:\d\d\./);
  await expect(panel.snapshot).toBeDisabled();
  await expect(panel.snapshot).toHaveAttribute('title', /^pip is at work/);
  await expect(panel.save).toBeEnabled();

  await page.unrouteAll({ behavior: 'wait' });
  await command(page, 'envsnap:refresh');
  await expect(panel.snapshot).toBeEnabled();
  await expect(status).toContainText('env not saved');
  await command(page, 'notebook:shutdown-kernel');
  await expect(status.getByText(/^env/)).toBeHidden();
});

test('a first reading that takes long says how far it is', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  let answer = (): void => undefined;
  const held = new Promise<void>(resolve => {
    answer = resolve;
  });
  await page.route('**/envsnap/kernels/*/environment*', async route => {
    await held;
    await route.continue();
  });
  await answerWith(page, { first_reading: { done: 88, total: 142 } });
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.root).toContainText('88 of 142. The first time takes longest.');
  const bar = panel.root.locator('.jp-EnvSnap-progress');
  const width = (await bar.boundingBox())?.width ?? 0;
  const done = (await bar.locator('i').boundingBox())?.width ?? 0;
  expect(done / width).toBeCloseTo(88 / 142, 1);
  await page.unroute(/envsnap\/kernels\?/);
  await answerWith(page, { first_reading: { done: 140, total: 142 } });
  await expect(panel.root).toContainText('140 of 142.');
  answer();
  await expect(panel.title('climate')).toBeVisible();
});

test('the toolbar has more buttons where there is room, and the settings in its menu', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await kernelReady(page);
  await command(page, 'envsnap:show');
  await expect(panel.snapshot).toBeEnabled();
  await expect(panel.action('Refresh')).toBeHidden();
  await panel.widen(560);
  await panel.snapshot.focus();
  for (const name of ['Save to repository…', 'Refresh', 'Copy', 'Download', 'More']) {
    await page.keyboard.press('ArrowRight');
    await expect(panel.action(name)).toBeFocused();
  }
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect.poll(() => panel.clipboard()).toContain('climate-tools=');

  await panel.choose('Settings…');
  const editor = page.locator('.jp-SettingsPanel, .jp-PluginEditor').first();
  await expect(editor).toBeVisible();
  await expect(page.locator('.jp-PluginList')).toContainText(
    'Environment: what happens by itself'
  );
});
