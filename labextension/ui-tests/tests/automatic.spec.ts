import { expect, test } from '../src/fixtures';
import { openNotebook, runCell, shutDownKernel } from '../src/lab';
import { Panel, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('what a cell installs is told and kept, and so is the end of its kernel', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  server.offerWheel('cartopy', '0.24.1');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install cartopy'
  ]);
  await openNotebook(page, server, notebook);
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await panel.tab('History').click();
  await expect(panel.rows.filter({ hasText: 'Snapshot by you' })).toHaveCount(1);

  await runCell(page, 0);

  const told = toast(page, 'Environment changed: + cartopy 0.24.1 (pip)');
  await expect(told).toBeVisible({ timeout: 15_000 });
  await expect(panel.rows.filter({ hasText: 'Packages changed' })).toHaveCount(1);
  await panel.tab('Environment').click();
  await expect(panel.root).toContainText('1 change since the last snapshot');
  await told.getByRole('button', { name: 'Snapshot' }).click();
  await expect(panel.root).toContainText('Not saved yet');

  await panel.tab('History').click();
  await shutDownKernel(page);
  // Without a kernel it is the history of every notebook.
  const here = panel.rows.filter({ hasText: repository.name });
  await expect(here.filter({ hasText: 'Kernel shut down' })).toHaveCount(1);
});
