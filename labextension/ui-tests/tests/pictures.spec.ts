import { resolve } from 'node:path';

import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell, setTheme } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { Repository } from '../src/repository';
import { CLIMATE } from '../src/server';
import { dressUp } from '../src/showcase';

const IMAGES = resolve(__dirname, '..', '..', '..', 'docs', 'images');

test('the pictures of the README are made', async ({ page, server }) => {
  dressUp(server.climate);
  server.offerWheel('polars', '1.9.0');
  const repository = Repository.create(server.root, 'climate-models');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    'from climate_tools import anomalies, trend',
    'years = [1990, 2000, 2010, 2020]\ntemperatures = [14.31, 14.52, 14.70, 15.02]',
    'trend(years, temperatures)',
    '%pip install -q polars',
    'anomalies(temperatures, baseline=[14.0, 14.2])'
  ]);
  const panel = new Panel(page);
  await openNotebook(page, server, notebook);
  await command(page, 'application:toggle-left-area');
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  // The file that somebody wrote before the notebook changed.
  repository.write(
    'environment.yml',
    (await panel.text()).replace('xarray=2024.10.0', 'xarray=2024.7.0')
  );
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--message', 'Forecast');
  repository.git('switch', '--quiet', '--create', 'paper-2026');
  for (const index of [0, 1, 2, 3, 4]) {
    await runCell(page, index);
  }
  await panel.snapshot.click();

  for (const theme of ['light', 'dark'] as const) {
    const picture = async (name: string): Promise<void> => {
      await page.screenshot({
        path: `${IMAGES}/${name}-${theme}.png`,
        animations: 'disabled'
      });
    };
    await setTheme(page, theme);
    await page.evaluate(() => {
      window.jupyterapp.commands
        .execute('apputils:dismiss-notification')
        .catch(() => undefined);
    });
    await expect(page.locator('.Toastify__toast')).toHaveCount(0);
    await panel.tab('Environment').click();
    await picture('environment');
    await panel.tab('History').click();
    await expect(panel.rows.first()).toBeVisible();
    await picture('history');
    await command(page, 'envsnap:save');
    await expect(saveDialog(page)).toContainText('polars==1.9.0');
    await picture('save');
    await page.keyboard.press('Escape');
  }
});
