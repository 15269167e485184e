import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '../src/fixtures';
import { openNotebook } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('a file that changed since the preview is not written over', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await expect(dialog).toContainText('climate-tools==1.2.0');
  repository.write('environment.yml', 'name: somebody-elses\n');
  await dialog.getByRole('button', { name: 'Save and commit' }).click();

  await expect(dialog.getByRole('alert')).toContainText(
    'environment.yml was changed while you looked at it. Nothing was written.'
  );
  expect(repository.read('environment.yml')).toBe('name: somebody-elses\n');
  await dialog.getByRole('button', { name: 'Show new preview' }).click();
  await expect(dialog).toContainText('name: somebody-elses');
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(dialog).toBeHidden();
  expect(repository.git('show', 'HEAD:environment.yml')).toContain(
    'climate-tools==1.2.0'
  );
});

test('a folder that leads out is refused in words, and the rest stays on', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  const outside = mkdtempSync(join(tmpdir(), 'envsnap-outside-'));
  const folder = join(repository.path, 'folder');
  mkdirSync(folder);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await expect(dialog).toContainText('climate-tools==1.2.0');
  await dialog
    .getByRole('textbox', { name: 'File' })
    .fill(`${repository.name}/folder/environment.yml`);
  await expect(dialog.getByRole('button', { name: 'Save and commit' })).toBeEnabled();
  rmdirSync(folder);
  symlinkSync(outside, folder);
  await dialog.getByRole('button', { name: 'Save and commit' }).click();

  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByRole('alert')).not.toContainText('write access');
  // Empty, or it could not be removed.
  rmdirSync(outside);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(panel.snapshot).toBeEnabled();
});

test('without a name for git the file is saved, and why there is no commit is told', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.git('config', '--unset', 'user.name');
  repository.git('config', '--unset', 'user.email');
  repository.git('config', 'user.useConfigOnly', 'true');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await expect(dialog.getByRole('checkbox')).toBeDisabled();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(toast(page, 'Saved environment.yml.')).toBeVisible();
  expect(repository.read('environment.yml')).toContain('climate-tools==1.2.0');
  expect(repository.git('log', '--format=%s').trim()).toBe('Start');
});

test('what a commit takes along is told before, and what a hook added after it', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.write('environment.yml', 'name: climate\n');
  repository.git('add', 'environment.yml');
  repository.git('commit', '--quiet', '--message', 'Environment');
  // One line that the save will leave as it is, and two that it will not.
  repository.write('environment.yml', '# mine\nname: climate\ndependencies:\n  - x=1\n');
  repository.write(
    '.git/hooks/pre-commit',
    '#!/bin/sh\necho >lock.txt; git add lock.txt\n'
  );
  chmodSync(join(repository.path, '.git', 'hooks', 'pre-commit'), 0o755);
  repository.git('switch', '--quiet', '--detach');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await expect(dialog).toContainText('Commit, on no branch');
  await expect(dialog).toContainText('No branch is checked out.');
  await expect(dialog).toContainText('This git hook runs: pre-commit.');
  await expect(dialog).not.toContainText('The commit is signed.');

  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'A git hook added to the commit: lock.txt.')).toContainText(
    'Saved environment.yml and committed it as'
  );
});

test('own edits that go along can be read, and that the commit is signed', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.git('config', 'commit.gpgSign', 'true');
  repository.write('environment.yml', 'name: climate\n');
  repository.git('-c', 'commit.gpgSign=false', 'add', 'environment.yml');
  repository.git('-c', 'commit.gpgSign=false', 'commit', '--quiet', '--message', 'First');
  // The save leaves this line as it is: it goes along, although it is not in the difference.
  repository.write('environment.yml', 'name: climate\ndependencies:\n');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await expect(dialog).toContainText('The commit is signed.');
  const own = dialog.getByText('1 line of your own edits goes along');
  const lines = dialog.getByRole('region', {
    name: '1 line of your own edits goes along'
  });
  await expect(lines).toBeHidden();
  await own.click();
  await expect(lines).toContainText('dependencies:');
  await dialog.getByRole('checkbox').uncheck();
  await expect(own).toBeHidden();
});
