import { expect, test } from '../src/fixtures';
import { openNotebook } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('the focus returns to where the dialog was opened', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();

  await test.step('to the button of the panel', async () => {
    await panel.save.focus();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: 'Save and commit' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(panel.save).toBeFocused();
  });

  await test.step('also after a save, which draws the panel anew', async () => {
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: 'Save and commit' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(toast(page, 'committed it to main')).toBeVisible();
    await expect(panel.save).toBeFocused();
  });

  await test.step('to the notebook, from its menu', async () => {
    const cell = page.locator('.jp-Notebook .cm-content').first();
    await cell.click();
    await page.getByRole('menuitem', { name: 'Kernel', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: /^Save environment to repository/ }).hover();
    await page.keyboard.press('Enter');
    await expect(dialog).toContainText('environment.yml');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    expect(
      await page.evaluate(
        () => document.activeElement?.closest('.jp-NotebookPanel') !== null
      )
    ).toBe(true);
  });
});

test('Enter saves from a field, but not in the message', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  const message = dialog.getByRole('textbox', { name: 'Commit message' });
  await message.fill('first line');
  await message.press('Enter');
  await message.pressSequentially('second line');
  await expect(message).toHaveValue('first line\nsecond line');
  await dialog.getByRole('textbox', { name: 'File', exact: true }).press('Enter');
  await expect(dialog).toBeHidden();
  expect(repository.git('log', '-1', '--format=%B').trim()).toBe(
    'first line\nsecond line'
  );
});
