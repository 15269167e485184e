import AxeBuilder from '@axe-core/playwright';

import { expect, test } from '../src/fixtures';
import { openNotebook, setTheme } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/server';

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in panel, history and dialog, ${theme}`, async ({
    page,
    server,
    repository
  }) => {
    const panel = new Panel(page);
    const faults = async (selector: string): Promise<unknown[]> => {
      const result = await new AxeBuilder({ page }).include(selector).analyze();
      expect(result.passes.length).toBeGreaterThan(5);
      return result.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
    };
    await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
    await setTheme(page, theme);
    await panel.toolbarButton.click();
    await expect(toast(page, 'Snapshot kept')).toBeVisible();
    await expect(panel.title('climate')).toBeVisible();
    await panel.search.fill('climate');
    expect(await faults('#jupyter-envsnap-panel')).toEqual([]);

    await panel.tab('History').click();
    await panel.rows.first().getByRole('button', { expanded: false }).click();
    await expect(panel.rows.first().getByRole('button', { name: 'Open' })).toBeVisible();
    expect(await faults('#jupyter-envsnap-panel')).toEqual([]);

    await panel.save.click();
    await expect(saveDialog(page)).toContainText('climate-tools=1.2.0');
    expect(await faults('.jp-Dialog')).toEqual([]);
  });
}
