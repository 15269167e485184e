import type { Page } from '@playwright/test';

import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell } from '../src/lab';
import { Panel, choiceDialog, toast } from '../src/panel';
import { CLIMATE, MISNAMED, WORDS } from '../src/kernels';

const CHOOSE = 'Choose environment…';

/** Open the list by way of the header. */
async function openChoice(page: Page, panel: Panel): Promise<void> {
  await panel.found().click();
  await panel.story.getByRole('button', { name: CHOOSE }).click();
  await expect(choiceDialog(page).getByRole('option').first()).toBeVisible();
}

test('where sources disagree the process is shown, and another can be chosen and given back', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = choiceDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', MISNAMED, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.root).toContainText(/This is \S*climate, but .*old\./);

  await panel.found('found in the running kernel').click();
  await expect(panel.story).toContainText(server.climate);
  await expect(panel.story).toContainText('certain');
  await expect(panel.story).toContainText(/the settings of the kernel\S*envs\/old/);
  await page.keyboard.press('Escape');

  await panel.action(CHOOSE).click();
  await expect(dialog.getByRole('option', { selected: true })).toContainText('climate');
  await expect(dialog.getByRole('option').nth(1)).toContainText(
    'named by the kernel’s settings'
  );
  await dialog.getByRole('option', { name: 'old' }).click();
  await expect(dialog).toBeHidden();
  await expect(panel.title('old')).toBeVisible();
  await expect(panel.found('chosen by you')).toBeVisible();
  expect(await panel.text()).not.toContain('climate-tools');

  await panel.found('chosen by you').click();
  await panel.action('Use the one found automatically').click();
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.found('found in the running kernel')).toBeFocused();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
});

test('a kernel that names no environment gets one by choice, and keeps it', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', WORDS, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('No environment found')).toBeVisible();
  await expect(panel.action('Ask the kernel')).toBeHidden();
  await panel.root.getByText('How it is found').click();
  await expect(panel.root).toContainText('The CONDA_PREFIX of that process.');

  await panel.action(CHOOSE).click();
  await choiceDialog(page).getByRole('option', { name: 'climate' }).click();
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.found('chosen by you')).toBeVisible();
  await expect(panel.root.locator(':focus')).toBeVisible();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
  await command(page, 'envsnap:refresh');
  await expect(panel.found('chosen by you')).toBeVisible();
});

test('choosing needs no mouse', async ({ page, server, repository }) => {
  const panel = new Panel(page);
  const dialog = choiceDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();

  await test.step('Escape leaves the list, and the focus returns', async () => {
    await panel.found().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(panel.action(CHOOSE)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('listbox')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(panel.found()).toBeFocused();
    await expect(panel.title('climate')).toBeVisible();
  });

  await test.step('a letter goes to a name, Enter takes it', async () => {
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('listbox')).toBeFocused();
    await page.keyboard.press('o');
    await page.keyboard.press('Enter');
    await expect(panel.title('old')).toBeVisible();
    await expect(panel.found('chosen by you')).toBeFocused();
  });

  await test.step('a long list is searched', async () => {
    const names = Array.from('abcdefgh').map(letter => `${letter}-2026`);
    await server.withEnvironments(names, async () => {
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect(dialog.getByRole('combobox')).toBeFocused();
      await page.keyboard.type('-2026');
      await expect(dialog.getByRole('option')).toHaveCount(names.length);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(panel.title('b-2026')).toBeVisible();
    });
  });
});

test('an environment that went meanwhile is refused in words, and the list is read again', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = choiceDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await server.withEnvironments(['short-lived'], () => openChoice(page, panel));
  await dialog.getByRole('option', { name: 'short-lived' }).click();
  await expect(dialog.getByRole('alert')).toContainText(
    'The server does not find this environment any more.'
  );
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await expect(dialog.getByRole('option', { name: 'short-lived' })).toHaveCount(0);
  await expect(dialog.getByRole('option', { name: 'climate' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.title('climate')).toBeVisible();
});

test('who may not write may look, but not choose', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await openChoice(page, panel);
  server.deny('write');
  await choiceDialog(page).getByRole('option', { name: 'old' }).click();
  await expect(choiceDialog(page).getByRole('alert')).toContainText(
    'You may look here but not choose. Ask the server’s operator for write access.'
  );
  await page.keyboard.press('Escape');
  await panel.found().click();
  await expect(panel.action(CHOOSE)).toBeDisabled();
});

test('the kernel is asked while no cell runs, and nothing of that stays in it', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    'names = set(dir())',
    'sorted(set(dir()) - names - {"names", "_i", "_ii", "_iii", "_i1", "_i2"}), len(In)',
    'while True: pass'
  ]);
  await openNotebook(page, server, notebook);
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await runCell(page, 0);
  await panel.found().click();
  await panel.action(/Ask the kernel/).click();
  await expect(toast(page, 'The kernel says that it runs in')).toContainText(
    server.climate
  );
  await expect(panel.found('the kernel said so')).toBeFocused();
  await expect(await runCell(page, 1)).toContainText('([], 3)');

  const endless = runCell(page, 2, { ends: false });
  await expect(panel.root).toContainText('Busy');
  await panel.found().click();
  await expect(panel.action(/Ask the kernel/)).toBeDisabled();
  await expect(panel.story).toContainText('Not now: a cell is running.');
  await page.keyboard.press('Escape');
  await command(page, 'notebook:interrupt-kernel');
  await endless;
  await expect(panel.root).toContainText('Idle');
  await panel.found().click();
  await expect(panel.action(/Ask the kernel/)).toBeEnabled();
});

test('a kernel that does not answer costs nothing of what was read', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await page.route('**/envsnap/kernels/*/ask*', route =>
    route.fulfill({
      status: 504,
      json: { code: 'kernel-did-not-answer', message: 'Not in time.', detail: {} }
    })
  );
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await command(page, 'envsnap:ask-kernel');
  await expect(panel.root).toContainText('The kernel did not answer.');
  expect(await panel.text()).toContain('climate-tools==1.2.0');
  await panel.action('Close').click();
  await expect(panel.root).not.toContainText('did not answer');
  await expect(panel.snapshot).toBeEnabled();
});
