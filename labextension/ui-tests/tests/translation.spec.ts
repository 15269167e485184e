import type { Locator, Page } from '@playwright/test';

import { overflows } from '../src/faults';
import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell, setPanelWidth } from '../src/lab';
import { outsideOfBrackets, speakInBrackets } from '../src/languagepack';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';

/** Not of the page: text of files, and what the server says in its own words. */
const NOT_OURS =
  '.jp-EnvSnap-lines, pre, code, textarea, .jp-EnvSnap-finding > p, .jp-EnvSnap-header h2';
/** What is called so in every language: names, paths, addresses, and what a machine has. */
const NAMES =
  /^[·\s]*(climate|forecast\.ipynb|Python \(climate\)|Python|conda|pip|mylibrary|python|climate-tools|climate-models-\d+|ipykernel|python-dateutil|environment\.yml|main|linux-64|conda-forge|\S*\/\S*|__\w+ .*|\d+ \w+ \d{4}, .*)[·\s]*$/;

/** Words of ours that the language does not have. */
async function untranslated(root: Locator): Promise<string[]> {
  const { texts, labels } = await root.evaluate((box, notOurs) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      if (!node.parentElement?.closest(notOurs)) {
        found.push(node.textContent ?? '');
      }
    }
    const names = ['aria-label', 'title', 'placeholder'];
    const given = names.flatMap(name =>
      Array.from(box.querySelectorAll(`[${name}]`))
        .filter(node => !node.closest(notOurs))
        .map(node => node.getAttribute(name) ?? '')
    );
    return { texts: found, labels: given };
  }, NOT_OURS);
  return [
    ...outsideOfBrackets(texts),
    ...labels.flatMap(label => outsideOfBrackets([label]))
  ].filter(text => !NAMES.test(text));
}

async function check(root: Locator, what: string): Promise<void> {
  expect.soft(await untranslated(root), `${what}: not translated`).toEqual([]);
  expect.soft(await overflows(root), `${what}: it fits`).toEqual([]);
}

/** A command that goes on as long as its dialog is open. */
async function begin(page: Page, id: string): Promise<void> {
  await page.evaluate(name => {
    void window.jupyterapp.commands.execute(name);
  }, id);
}

test('in a language of longer words everything is translated, and fits into 280 px', async ({
  page,
  server,
  repository
}) => {
  const { root, lines, rows } = new Panel(page);
  await speakInBrackets(page);
  const wheel = server.offerWheel('mylibrary', '0.3.0');
  repository.write('environment.yml', 'name: climate\ndependencies:\n  - python=3.9\n');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    `%pip install ${wheel}`
  ]);
  await openNotebook(page, server, notebook);
  await expect(
    page.getByRole('button', { name: /^⟦⟦Snapshot environment.*⟧$/ })
  ).toBeVisible();
  await runCell(page, 0);
  await command(page, 'envsnap:snapshot');
  await expect(lines.first()).toBeVisible();
  await expect(page.locator('.Toastify__toast').first()).toContainText('⟦Snapshot kept');
  await setPanelWidth(page, 280);
  await expect(root.getByText(/^⟦\d+ changes since/)).toBeVisible();
  await check(root, 'environment');

  await command(page, 'envsnap:show-changes');
  await expect(root.getByRole('rowheader').first()).toBeVisible();
  await check(root, 'changes');

  await command(page, 'envsnap:show-history');
  await rows.first().getByRole('button', { expanded: false }).click();
  await check(root, 'history');

  await begin(page, 'envsnap:save');
  const dialog = page.locator('.jp-EnvSnap-dialog .jp-Dialog-content');
  await expect(dialog.locator('pre')).toContainText('climate-tools==1.2.0');
  await check(dialog, 'save dialog');
  await page.keyboard.press('Escape');

  // The helper is of a library that is not used here.
  // eslint-disable-next-line jupyter/galata-prefer-menu-helper
  await page.getByRole('menuitem', { name: 'Kernel' }).click();
  const items = page.locator('.lm-Menu').getByText('⟦');
  await expect(items).toHaveText([
    /^⟦Snapshot environment·+⟧$/,
    /^⟦Save environment to repository…·+⟧$/,
    /^⟦.+⟧$/,
    /^⟦.+⟧$/
  ]);
});
