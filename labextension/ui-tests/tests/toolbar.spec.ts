import { expect, test } from '../src/fixtures';
import { openNotebook, runCell } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('where there is no status bar, the toolbar says how the environment stands', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  server.offerWheel('seaborn', '0.13.2');
  await openNotebook(
    page,
    server,
    repository.notebook('forecast.ipynb', CLIMATE, ['%pip install seaborn'])
  );
  const button = panel.toolbarButton;
  await expect(button).toHaveAccessibleName(/is not in a file of this repository/);
  await button.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await panel.save.click();
  await saveDialog(page).getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'committed it')).toBeVisible();
  await expect(button).toHaveAccessibleName(/matches environment\.yml/);

  await runCell(page, 0);
  await expect(button).toHaveAccessibleName(/since environment\.yml/);
  await expect(
    page.locator('.jp-NotebookPanel-toolbar .jp-EnvSnap-changedTool')
  ).toBeVisible();
});
