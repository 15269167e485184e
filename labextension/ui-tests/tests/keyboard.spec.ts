import type { Locator, Page } from '@playwright/test';

import { expect, test } from '../src/fixtures';
import { openNotebook } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

/** Go on by Tab until this has the focus: it has to come before long. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 20; stops += 1) {
    if (await target.evaluate(node => node === document.activeElement)) {
      break;
    }
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

/** Run a command by its name, from JupyterLab's palette. */
async function runByName(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+C');
  await expect(page.locator('.lm-CommandPalette-input')).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText(name);
  await page.keyboard.press('Enter');
}

test('the whole story needs no mouse, and the focus is always somewhere', async ({
  page,
  server,
  repository
}) => {
  test.setTimeout(120_000);
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  const wheel = server.offerWheel('gridtools', '2.0.1');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    `%pip install ${wheel}`
  ]);
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  await openNotebook(page, server, notebook);

  await test.step('a snapshot is taken by name, and the panel has the focus', async () => {
    await runByName(page, 'Snapshot environment');
    await expect(toast(page, 'Snapshot kept')).toBeVisible();
    await expect(panel.snapshot).toBeFocused();
    await press('Enter');
    await expect(toast(page, 'Same as the snapshot')).toBeVisible();
    await expect(panel.snapshot).toBeFocused();
  });

  await test.step('Escape leads back to the notebook, and a name to the panel', async () => {
    await press('Escape');
    await expect(page.locator('.jp-Notebook:focus-within')).toBeVisible();
    await press('Shift+Enter');
    await expect(toast(page, 'Environment changed')).toBeVisible({ timeout: 60_000 });
    await runByName(page, 'Show environment');
    await expect(panel.snapshot).toBeFocused();
  });

  await test.step('the toolbar is one stop, with arrows inside; so are the tabs', async () => {
    await press('ArrowRight');
    await expect(panel.save).toBeFocused();
    await press('End');
    await expect(panel.action('More')).toBeFocused();
    await press('Home');
    await expect(panel.snapshot).toBeFocused();
    await press('Tab');
    await expect(panel.tab('Environment')).toBeFocused();
    await press('ArrowRight');
    await expect(panel.tab('Changes')).toBeFocused();
    await press('Home');
    await expect(panel.tab('Environment')).toBeFocused();
  });

  await test.step('what to know is read, and its line is shown', async () => {
    await tabTo(page, panel.root.getByRole('button', { name: /^Show line/ }));
    await press('Enter');
    await expect(panel.line('gridtools')).toHaveClass(/jp-mod-current/);
  });

  await test.step('a package is found, and Escape forgets it', async () => {
    await press('/');
    await expect(panel.search).toBeFocused();
    await page.keyboard.type('climate-tools');
    await expect(panel.line('climate-tools==1.2.0')).toHaveClass(/jp-mod-current/);
    await press('Escape');
    await expect(panel.search).toHaveValue('');
    await expect(panel.search).toBeFocused();
  });

  await test.step('another way of writing is chosen', async () => {
    await tabTo(page, panel.writing);
    await press('Enter');
    const same = page.getByRole('radio', { name: 'Same platform' });
    await tabTo(page, same);
    await press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Any platform' })).toBeChecked();
    await press('Escape');
    await expect(panel.writing).toBeFocused();
    await expect(panel.writing).toHaveText(/Any platform/);
    await expect(panel.line('asttokens')).toBeHidden();
  });

  await test.step('changes are compared with another side', async () => {
    await tabTo(page, panel.tab('Environment'), 'Shift+Tab');
    await press('ArrowRight');
    await press('Enter');
    await expect(panel.tab('Changes')).toHaveAttribute('aria-selected', 'true');
    await expect(panel.tab('Changes')).toBeFocused();
    await press('Tab');
    await expect(panel.action(/^Before:/)).toBeFocused();
    await press('Enter');
    await tabTo(
      page,
      panel.root.getByRole('button', { name: /^Snapshot by you/ }).last()
    );
    await press('Enter');
    await expect(panel.action(/^Before: Snapshot by you/)).toBeFocused();
    await expect(panel.root.getByRole('rowheader')).toHaveText('gridtools');
    await press('Tab');
    await expect(panel.action('Swap before and after')).toBeFocused();
    await press('Enter');
    await expect(panel.action(/^Before: Kernel now/)).toBeVisible();
    await expect(panel.action('Swap before and after')).toBeFocused();
  });

  await test.step('two snapshots are selected and compared', async () => {
    await tabTo(page, panel.tab('Changes'), 'Shift+Tab');
    await press('End');
    await press('Enter');
    await expect(panel.tab('History')).toHaveAttribute('aria-selected', 'true');
    const newest = panel.rows.first().getByRole('button').first();
    await tabTo(page, newest);
    await press('Space');
    await press('ArrowDown');
    await tabTo(page, panel.rows.nth(1).getByRole('button').first());
    await press('Space');
    await expect(panel.root).toContainText('2 selected');
    await tabTo(page, panel.action('Compare'));
    await press('Enter');
    await expect(panel.tab('Changes')).toHaveAttribute('aria-selected', 'true');
    await expect(panel.root.getByRole('rowheader')).toHaveText('gridtools');
    await expect(panel.root.locator(':focus')).toBeVisible();
  });

  await test.step('an old one is unfolded and restored through the save dialog', async () => {
    await tabTo(page, panel.tab('Changes'));
    await press('End');
    await press('Enter');
    const mine = panel.rows.filter({ hasText: 'Snapshot by you' }).first();
    await tabTo(page, panel.rows.first().getByRole('button').first());
    await press('ArrowDown');
    await tabTo(page, mine.getByRole('button').first());
    await press('Enter');
    await tabTo(page, mine.getByRole('button', { name: 'Restore…' }));
    await press('Enter');
    await expect(dialog).toContainText('climate-tools==1.2.0');
    await expect(dialog).not.toContainText('gridtools');
    await press('Escape');
    await expect(dialog).toBeHidden();
    await expect(mine.getByRole('button', { name: 'Restore…' })).toBeFocused();
    expect(repository.git('status', '--porcelain', 'environment.yml')).toBe('');
  });

  await test.step('the file is saved, with a message, and committed', async () => {
    await tabTo(page, panel.snapshot, 'Shift+Tab');
    await press('ArrowRight');
    await press('Enter');
    await expect(dialog).toContainText('climate-tools==1.2.0');
    await tabTo(page, dialog.getByRole('textbox', { name: 'Commit message' }));
    await press('Control+a');
    await page.keyboard.type('env: by keyboard');
    await press('Enter');
    await page.keyboard.type('And a second line.');
    await press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(panel.save).toBeFocused();
    expect(repository.git('log', '-1', '--format=%B').trim()).toBe(
      'env: by keyboard\nAnd a second line.'
    );
  });
});
