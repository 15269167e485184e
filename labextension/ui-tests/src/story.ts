import type { Page } from '@playwright/test';

import { expect, test } from './fixtures';
import { openNotebook, runCell } from './lab';
import { Panel, saveDialog, toast } from './panel';
import type { Repository } from './repository';
import { CLIMATE } from './kernels';
import type { JupyterServer } from './server';

interface Stage {
  page: Page;
  server: JupyterServer;
  repository: Repository;
}

/** What the extension is for, from the first click to the commit. */
export async function story({ page, server, repository }: Stage): Promise<void> {
  repository.write('environment.yml', 'name: climate\ndependencies:\n  - python=3.9\n');
  repository.git('add', 'environment.yml');
  repository.git('commit', '--quiet', '--message', 'Environment, from memory');
  repository.write('notes.md', 'staged, and not finished\n');
  repository.git('add', 'notes.md');
  repository.write('README.md', '# Climate\n\nchanged, and not staged\n');
  const others = ['notes.md', 'README.md'];
  const before = repository.git('ls-files', '-s', '--', ...others);
  server.offerWheel('polars', '1.9.0');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    '%pip install polars'
  ]);
  const panel = new Panel(page);
  await openNotebook(page, server, notebook);

  await test.step('the toolbar button keeps a snapshot and shows it', async () => {
    await panel.toolbarButton.click();
    await expect(toast(page, /Snapshot kept: climate, \d+ packages/)).toBeVisible();
    await expect(panel.title('climate')).toBeVisible();
  });

  await test.step('the text names what only this environment has', async () => {
    await panel.search.fill('climate-tools');
    await expect(panel.line('climate-tools==1.2.0')).toBeVisible();
    const text = await panel.text();
    expect(text).toContain('  - climate-tools==1.2.0\n');
    expect(text).not.toContain('jupyterlab');
    expect(text).not.toContain('polars');
  });

  await test.step('what a cell installs is there after a refresh', async () => {
    await expect(await runCell(page, 0)).toContainText(
      'Successfully installed polars-1.9.0'
    );
    await panel.choose('Refresh');
    await panel.search.fill('polars');
    await expect(panel.line('polars==1.9.0')).toBeVisible();
  });

  await test.step('the dialog shows what will be written', async () => {
    await panel.save.click();
    const dialog = saveDialog(page);
    await expect(dialog.getByRole('textbox', { name: 'File' })).toHaveValue(
      `${repository.name}/environment.yml`
    );
    await expect(dialog).toContainText('- python=3.9');
    await expect(dialog).toContainText('climate-tools==1.2.0');
    await expect(dialog).toContainText('main');
    await dialog
      .getByRole('textbox', { name: 'Commit message' })
      .fill('env: + polars 1.9.0');
    await dialog.getByRole('button', { name: 'Save and commit' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('the commit has that file and no other', async () => {
    const id = repository.git('rev-parse', '--short', 'HEAD').trim();
    await expect(toast(page, /committed it to main/)).toContainText(id);
    expect(repository.git('show', '--name-status', '--format=%s').trim()).toBe(
      'env: + polars 1.9.0\n\nM\tenvironment.yml'
    );
    expect(repository.git('show', 'HEAD:environment.yml')).toContain(
      '      - polars==1.9.0\n'
    );
    expect(repository.git('ls-files', '-s', '--', ...others)).toBe(before);
    expect(repository.git('diff', '--cached', '--name-only').trim()).toBe('notes.md');
    expect(repository.git('diff', '--name-only').trim()).toBe('README.md');
  });

  await test.step('the notification opens the file', async () => {
    // Notebook 7 shows each document in a window of its own.
    const popup = server.flavour.app === 'notebook' ? page.waitForEvent('popup') : page;
    await toast(page, /committed it to main/)
      .getByRole('button', { name: 'Open file' })
      .click();
    const file = (await popup).locator('.jp-FileEditor');
    await expect(file.locator('.cm-content')).toContainText('name: climate');
  });
}
