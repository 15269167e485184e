import { resolve } from 'node:path';

import { expect, test } from '../src/fixtures';
import { CLIMATE } from '../src/kernels';
import { command, openNotebook, runCell, setTheme } from '../src/lab';
import { dismissToasts, Panel, saveDialog, toast } from '../src/panel';
import { Repository } from '../src/repository';
import { dressUp, update } from '../src/showcase';

/** As wide as the panel is drawn. */
const WIDTH_PX = 360;
const IMAGES = resolve(__dirname, '..', '..', '..', 'docs', 'images');

test('the pictures of the README are made', async ({ page, server }) => {
  dressUp(server.climate);
  server.offerWheel('polars', '1.9.0');
  const repository = Repository.create(server.root, 'climate-models');
  repository.git('switch', '--quiet', '--create', 'paper-2026');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    'from climate_tools import anomalies, trend',
    'years = [1990, 2000, 2010, 2020]\ntemperatures = [14.31, 14.52, 14.70, 15.02]',
    'trend(years, temperatures)',
    'anomalies(temperatures, baseline=[14.0, 14.2])',
    '%pip install -q polars'
  ]);
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, notebook);
  await command(page, 'application:toggle-left-area');
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await panel.widen(WIDTH_PX);
  await panel.save.click();
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'committed it')).toBeVisible();
  for (const index of [0, 1, 2, 3, 4]) {
    await runCell(page, index);
  }
  update(server.climate, 'xarray', '2024.7.0', '2024.10.0');
  await panel.snapshot.click();
  await expect(panel.root).toContainText(/changes? since environment\.yml/);
  await command(page, 'docmanager:save');
  await dismissToasts(page);

  for (const theme of ['light', 'dark'] as const) {
    const picture = async (name: string): Promise<void> => {
      const path = `${IMAGES}/${name}-${theme}.png`;
      await page.screenshot({ path, animations: 'disabled' });
    };
    await setTheme(page, theme);
    await panel.tab('Environment').click();
    await panel.search.fill('polars');
    await expect(panel.line('polars==1.9.0')).toBeVisible();
    await picture('environment');
    await panel.tab('Changes').click();
    await expect(panel.root).toContainText('You asked for');
    await picture('changes');
    await panel.tab('History').click();
    await panel.rows.first().getByRole('button', { expanded: false }).click();
    await picture('history');
    await panel.save.click();
    await expect(dialog).toContainText('polars==1.9.0');
    await picture('save');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});
