import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/server';

test('what changed is seen, compared with a snapshot, copied, and written to the file', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  server.offerWheel('regrid', '0.3.2');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install regrid'
  ]);
  await openNotebook(page, server, notebook);
  const status = page.locator('#jp-main-statusbar');
  await expect(status).toContainText('env not saved');
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await panel.save.click();
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'committed it')).toBeVisible();
  await expect(panel.action(/^Matches environment\.yml/)).toBeVisible();
  await expect(status).toContainText('env ✓');

  await command(page, 'application:toggle-right-area');
  await expect(panel.root).toBeHidden();
  await runCell(page, 0);
  await status.getByRole('button', { name: 'env 1 change' }).click({ timeout: 15_000 });
  await expect(panel.action(/^1 change since environment\.yml/)).toBeVisible();
  await expect(panel.tab('Changes')).toHaveAttribute('aria-selected', 'true');
  const asked = panel.root.getByRole('table', { name: 'You asked for' });
  await expect(asked.getByRole('row')).toHaveText(/\+\s*regrid\s*0\.3\.2\s*new\s*pip/);

  await panel.action('Copy as Markdown').click();
  await expect.poll(() => panel.clipboard()).toContain('| regrid (pip) |  | 0.3.2 | new |');

  await panel.action(/^Before: environment\.yml/).click();
  await panel.root.getByRole('button', { name: /^Snapshot by you/ }).click();
  await expect(panel.action(/^Before: Snapshot by you/)).toBeVisible();
  await expect(asked.getByRole('rowheader')).toHaveText('regrid');
  await panel.action('Swap before and after').click();
  await expect(asked.getByRole('row')).toHaveText(/−\s*regrid\s*0\.3\.2\s*gone\s*pip/);

  await panel.action(/^Before: Kernel now/).click();
  await panel.root.getByRole('searchbox', { name: /^Find a snapshot/ }).fill('HEAD');
  await panel.root.getByRole('button', { name: /^environment\.yml at HEAD/ }).click();
  await panel.action(/^After:/).click();
  await panel.root.getByRole('button', { name: /^Kernel now/ }).click();
  await expect(asked.getByRole('rowheader')).toHaveText('regrid');

  await panel.action(/^Before:/).click();
  await panel.root
    .getByRole('group', { name: 'Files' })
    .getByRole('button', { name: /^environment\.yml/ })
    .first()
    .click();
  await panel.action('Update file…').click();
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'committed it').last()).toBeVisible();
  await expect(panel.title('Nothing changed')).toBeVisible();
  expect(repository.git('log', '-1', '--format=%s')).toContain('regrid');
});
