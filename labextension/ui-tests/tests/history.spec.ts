import { expect, test } from '../src/fixtures';
import { openNotebook, runCell } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('the history keeps what was there: it is opened and copied', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  server.offerWheel('xskillscore', '0.0.26');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install xskillscore'
  ]);
  await openNotebook(page, server, notebook);
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await runCell(page, 0);
  await panel.snapshot.click();
  await expect(panel.title('climate')).toBeVisible();

  await panel.tab('History').click();
  const mine = panel.rows.filter({ hasText: 'Snapshot by you' });
  await expect(mine).toHaveCount(2);
  const oldest = mine.last();
  await oldest.getByRole('button', { expanded: false }).click();
  await oldest.getByRole('button', { name: 'Open' }).click();
  await expect(panel.root).toContainText('Snapshot of');
  const kept = await panel.text();
  expect(kept).toContain('climate-tools==1.2.0');
  expect(kept).not.toContain('xskillscore');
  await panel.search.fill('xskillscore');
  await expect(panel.line('xskillscore')).toHaveCount(0);
});

test('snapshots are compared, restored and deleted', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  server.offerWheel('rioxarray', '0.18.1');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install rioxarray'
  ]);
  await openNotebook(page, server, notebook);
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await runCell(page, 0);
  await panel.tab('History').click();
  await expect(panel.rows.filter({ hasText: 'Packages changed' })).toHaveCount(1);
  await expect(panel.rows.filter({ hasText: 'Packages changed' })).toContainText(
    '+rioxarray 0.18.1'
  );

  await panel.rows
    .filter({ hasText: 'Packages changed' })
    .getByRole('button')
    .press('Space');
  await panel.rows.filter({ hasText: 'Snapshot by you' }).hover();
  await panel.rows.filter({ hasText: 'Snapshot by you' }).getByRole('checkbox').check();
  await expect(panel.root).toContainText('2 selected');
  await panel.action('Compare').click();
  // What is not there any more hands the focus on, but not to what acts.
  await expect(panel.tab('Changes')).toBeFocused();
  const asked = panel.root.getByRole('table', { name: 'You asked for' });
  await expect(asked.getByRole('row')).toHaveText(/\+\s*rioxarray\s*0\.18\.1\s*new/);

  await panel.tab('History').click();
  await panel.root.getByRole('searchbox', { name: 'Find a package' }).fill('rioxarray');
  await expect(panel.rows).toHaveCount(1);
  await panel.root.getByRole('searchbox', { name: 'Find a package' }).fill('');
  const mine = panel.rows.filter({ hasText: 'Snapshot by you' });
  await mine.getByRole('button').first().click();
  await mine.getByRole('button', { name: 'Restore…' }).click();
  await expect(dialog).toContainText('climate-tools==1.2.0');
  await expect(dialog).not.toContainText('rioxarray');
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'committed it')).toBeVisible();
  expect(repository.git('show', 'HEAD:environment.yml')).not.toContain('rioxarray');

  await mine.getByRole('button', { name: 'Delete…' }).click();
  const question = page.getByRole('dialog').filter({ hasText: 'Delete this snapshot?' });
  await expect(question).toContainText(
    /Today \d\d:\d\d, Snapshot by you\. Files and commits stay as they are\./
  );
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(mine).toHaveCount(0);
});

test('a note is added from the toast, and Escape keeps things as they are', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await toast(page, 'Snapshot kept').getByRole('button', { name: 'Add note' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Note on this snapshot' });
  await dialog.getByRole('textbox').fill('Before the numpy upgrade');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();

  await panel.tab('History').click();
  const row = panel.rows.filter({ hasText: 'Before the numpy upgrade' });
  await row.getByRole('button').first().click();
  await row.getByRole('button', { name: 'Note…' }).click();
  await expect(dialog.getByRole('textbox')).toHaveValue('Before the numpy upgrade');
  await page.keyboard.press('Escape');
  await expect(row).toHaveCount(1);
});
