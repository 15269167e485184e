import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

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
  await expect
    .poll(() => panel.clipboard())
    .toContain('| regrid (pip) |  | 0.3.2 | new |');

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

test('a file in the file browser is compared with the kernel, and updated from it', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  repository.write(
    'environment-old.yml',
    'name: old\ndependencies:\n  - climate-tools=1.0.0\n  - pandas=1.5\n'
  );
  repository.write('notes.yml', 'a: 1\n');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  const items = page.locator('.jp-DirListing-item');
  const menu = page.locator('.lm-Menu');
  const compare = menu.getByText('Compare with kernel’s environment');
  await items.filter({ hasText: 'notes.yml' }).click({ button: 'right' });
  await expect(menu.getByText('Rename')).toBeVisible();
  await expect(compare).toBeHidden();
  await page.keyboard.press('Escape');

  await items.filter({ hasText: 'environment-old.yml' }).click({ button: 'right' });
  await compare.click();
  await expect(panel.action(/^Before: environment-old\.yml/)).toBeVisible();
  const asked = panel.root.getByRole('table', { name: 'You asked for' });
  const row = asked.getByRole('row').filter({ hasText: 'climate-tools' });
  await expect(row).toHaveText(/~\s*climate-tools\s*1\.0\.0 → 1\.2\.0\s*minor\s*up/);
  await expect(asked.getByRole('row').filter({ hasText: 'pandas' })).toContainText(
    'gone'
  );

  await items.filter({ hasText: 'environment-old.yml' }).click({ button: 'right' });
  await menu.getByText('Update from kernel’s environment…').click();
  await expect(
    saveDialog(page).getByRole('textbox', { name: 'File', exact: true })
  ).toHaveValue(`${repository.name}/environment-old.yml`);
  await expect(saveDialog(page)).toContainText('climate-tools=1.2.0');
  await page.keyboard.press('Escape');
});
