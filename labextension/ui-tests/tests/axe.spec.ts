import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, test } from '../src/fixtures';
import { command, openNotebook, setTheme } from '../src/lab';
import { Panel, choiceDialog, saveDialog, toast } from '../src/panel';
import { CLIMATE, MISNAMED, WORDS } from '../src/server';

const PANEL = '#jupyter-envsnap-panel';

async function faults(page: Page, selector: string): Promise<unknown[]> {
  const result = await new AxeBuilder({ page }).include(selector).analyze();
  expect(result.passes.length).toBeGreaterThan(5);
  return result.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in what tells and chooses the environment, ${theme}`, async ({
    page,
    server,
    repository
  }) => {
    const panel = new Panel(page);
    const dialog = choiceDialog(page);
    await openNotebook(page, server, repository.notebook('forecast.ipynb', MISNAMED, []));
    await setTheme(page, theme);
    await command(page, 'envsnap:show');
    await expect(panel.title('climate')).toBeVisible();
    await panel.found().click();
    await expect(panel.story).toContainText('Others say');
    expect(await faults(page, PANEL)).toEqual([]);

    await panel.story.getByRole('button', { name: 'Choose environment…' }).click();
    await expect(dialog.getByRole('listbox')).toBeFocused();
    expect(await faults(page, '.jp-Dialog')).toEqual([]);
    await page.keyboard.press('Escape');

    const names = Array.from('abcdefgh').map(letter => `${letter}-2026`);
    await server.withEnvironments(names, async () => {
      await panel.action('Choose environment…').click();
      await expect(dialog.getByRole('combobox')).toBeFocused();
      await page.keyboard.type('2026');
      expect(await faults(page, '.jp-Dialog')).toEqual([]);
      await page.keyboard.press('Escape');
    });

    const words = repository.notebook('words.ipynb', WORDS, []);
    await command(page, 'docmanager:open', { path: words });
    await expect(panel.title('No environment found')).toBeVisible();
    await panel.root.getByText('How it is found').click();
    expect(await faults(page, PANEL)).toEqual([]);
  });

  test(`axe finds nothing in panel, history and dialog, ${theme}`, async ({
    page,
    server,
    repository
  }) => {
    const panel = new Panel(page);
    await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
    await setTheme(page, theme);
    await panel.toolbarButton.click();
    await expect(toast(page, 'Snapshot kept')).toBeVisible();
    await expect(panel.title('climate')).toBeVisible();
    await panel.search.fill('climate');
    expect(await faults(page, PANEL)).toEqual([]);

    await panel.root.getByText('About this environment').click();
    await panel.line('climate-tools').hover();
    expect(await faults(page, PANEL)).toEqual([]);
    await panel.root.getByText('About this environment').click();
    await panel.writing.click();
    const field = page.getByRole('textbox', { name: 'Leave out a package' });
    await field.fill('no-such-package');
    await page.keyboard.press('Enter');
    await expect(panel.action('Leave it out no more')).toBeVisible();
    expect(await faults(page, PANEL)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.action('Leave it out no more').click();

    await panel.tab('Changes').click();
    await panel.action(/^Before:/).click();
    expect(await faults(page, PANEL)).toEqual([]);
    await page
      .getByRole('group', { name: /^Before/ })
      .getByRole('searchbox')
      .fill('no-such-branch');
    await panel.root.getByRole('button', { name: /^no-such-branch/ }).click();
    await expect(panel.title('These cannot be compared')).toBeVisible();
    expect(await faults(page, PANEL)).toEqual([]);

    await panel.tab('History').click();
    await panel.rows.first().getByRole('button', { expanded: false }).click();
    await expect(panel.rows.first().getByRole('button', { name: 'Open' })).toBeVisible();
    expect(await faults(page, PANEL)).toEqual([]);

    await panel.save.click();
    await expect(saveDialog(page)).toContainText('climate-tools=1.2.0');
    expect(await faults(page, '.jp-Dialog')).toEqual([]);
    await saveDialog(page)
      .getByRole('button', { name: /^How it is written/ })
      .click();
    expect(await faults(page, '.jp-Dialog')).toEqual([]);
  });
}
