import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { inUnfolded, Panel, saveDialog, toast } from '../src/panel';
import { Repository } from '../src/repository';
import { withEditable } from '../src/environments';
import { CLIMATE } from '../src/kernels';

const YAML = 'name: climate\ndependencies:\n  - python=3.9\n';

test('of two tabs that save the same file one wins, and the other loses nothing', async ({
  page,
  window,
  server,
  repository
}) => {
  repository.write('environment.yml', YAML);
  repository.git('add', 'environment.yml');
  repository.git('commit', '--quiet', '--message', 'First');
  const other = await window.newPage();
  const tabs = [page, other];
  for (const [index, tab] of tabs.entries()) {
    const name = `forecast-${index}.ipynb`;
    await openNotebook(tab, server, repository.notebook(name, CLIMATE, []));
    await new Panel(tab).toolbarButton.click();
    await new Panel(tab).save.click();
    const dialog = saveDialog(tab);
    await expect(dialog).toContainText('climate-tools==1.2.0');
    await dialog.getByRole('textbox', { name: 'Commit message' }).fill(`by tab ${index}`);
  }
  await Promise.all(
    tabs.map(tab =>
      saveDialog(tab).getByRole('button', { name: 'Save and commit' }).click()
    )
  );

  const lost = (tab: typeof page) =>
    saveDialog(tab).getByText('environment.yml was changed while you looked at it.');
  await expect(async () => {
    const told = await Promise.all(tabs.map(tab => lost(tab).isVisible()));
    expect(told.filter(Boolean)).toHaveLength(1);
  }).toPass();
  const loser = (await lost(page).isVisible()) ? 0 : 1;
  const tab = loser === 0 ? page : other;
  expect(repository.git('log', '-1', '--format=%s').trim()).toBe(`by tab ${1 - loser}`);

  const dialog = saveDialog(tab);
  await dialog.getByRole('button', { name: 'Show new preview' }).click();
  await expect(dialog).toContainText('The file already has this text.');
  await expect(dialog).toContainText('There is nothing to commit.');
  await tab.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(repository.git('rev-list', '--count', 'HEAD').trim()).toBe('3');
});

test('who does not wait for the hooks is told when they are done', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.write(
    '.git/hooks/pre-commit',
    '#!/bin/sh\nwhile [ ! -e .git/go ]; do sleep 0.05; done\n'
  );
  chmodSync(join(repository.path, '.git', 'hooks', 'pre-commit'), 0o755);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.save.click();
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(dialog.getByRole('button', { name: 'Committing…' })).toBeVisible();
  await expect(dialog.getByText('Saved. Waiting for your git hooks…')).toBeVisible();
  expect(repository.read('environment.yml')).toContain('climate-tools==1.2.0');
  await dialog.getByRole('button', { name: 'Stop waiting' }).click();
  await expect(dialog).toBeHidden();
  await expect(toast(page, /environment.yml/)).toBeHidden();
  repository.write('.git/go', '');
  await expect(
    toast(page, 'Saved environment.yml and committed it to main')
  ).toBeVisible();
});

test('a package that runs from a folder is written as is chosen', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  const elsewhere = Repository.create(server.root, `${repository.name}-mylib`);
  elsewhere.git('init', '--quiet', '--bare', '.git/remote');
  elsewhere.git('remote', 'add', 'origin', join(elsewhere.path, '.git', 'remote'));
  elsewhere.git('push', '--quiet', 'origin', 'main');
  elsewhere.git('remote', 'set-url', 'origin', 'https://git.example.org/lab/mylib.git');
  const commit = elsewhere.git('rev-parse', 'HEAD').trim();
  await withEditable(server.climate, 'mylib', elsewhere.path, async () => {
    await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
    await panel.toolbarButton.click();
    await panel.save.click();
    const choice = dialog.getByRole('radiogroup', { name: /^mylib runs from a folder/ });
    await expect(choice).toContainText(
      `git.example.org/lab/mylib at ${commit.slice(0, 7)}`
    );
    await choice.getByRole('radio', { name: 'Write the folder as it is' }).check();
    await expect(dialog).toContainText(`-e ${elsewhere.path}`);
    await expect(choice).toContainText('Others cannot install it from this file.');
    await dialog.getByRole('button', { name: 'Save and commit' }).click();
    await expect(toast(page, 'committed it to main')).toBeVisible();
    expect(repository.read('environment.yml')).toContain(`- -e ${elsewhere.path}\n`);
    await expect(panel.root).toContainText('Matches environment.yml');

    // It is in the file, and nowhere else: the panel knows it from there.
    await panel.action('Write its git address instead…').click();
    await expect(
      choice.getByRole('radio', { name: 'Write its git address' })
    ).toBeChecked();
    await dialog.getByRole('button', { name: 'Save and commit' }).click();
    await expect(dialog).toBeHidden();
    expect(repository.read('environment.yml')).toContain(
      `- -e git+https://git.example.org/lab/mylib.git@${commit}#egg=mylib\n`
    );
  });
});

test('a requirements file is made beside the environment file', async ({
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
  await inUnfolded(
    dialog.getByRole('button', { name: /^How it is written/ }),
    dialog.getByRole('radio', { name: 'requirements.txt' }),
    (radio, soon) => radio.check(soon)
  );
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('textbox', { name: 'File', exact: true })).toHaveValue(
    `${repository.name}/requirements.txt`
  );
  await expect(dialog).toContainText('# envsnap: profile=versions');
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(toast(page, 'Saved requirements.txt')).toBeVisible();
  expect(repository.git('show', '--format=', '--name-only').trim()).toBe(
    'requirements.txt'
  );
});

test('an editor shows what was saved, one with changes of its own keeps them', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.write('environment.yml', YAML);
  const path = `${repository.name}/environment.yml`;
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await command(page, 'docmanager:open', { path, options: { mode: 'split-right' } });
  const text = page.locator('.jp-FileEditor .cm-content');
  await expect(text).toContainText('python=3.9');
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    window.jupyterapp.serviceManager.contents.fileChanged.connect((_, change) => {
      heard.push(`${change.type} ${change.newValue?.path ?? ''}`);
    });
  });

  const save = async (): Promise<void> => {
    await page.locator('.jp-Notebook').first().click();
    await panel.save.click();
    await dialog.getByRole('button', { name: /^Save and commit/ }).click();
    await expect(dialog).toBeHidden();
  };
  await save();
  await expect(text).toContainText('climate-tools==1.2.0');
  await expect(
    page.locator('.lm-TabBar-tab.jp-mod-dirty').filter({ hasText: 'environment.yml' })
  ).toHaveCount(0);
  // What jupyterlab-git listens to, and the file browser.
  await expect
    .poll(() => page.evaluate(() => Reflect.get(globalThis, 'heard') as string[]))
    .toContain(`save ${path}`);

  await text.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine, not saved\n');
  repository.write('environment.yml', YAML);
  await save();
  await expect(text).toContainText('# mine, not saved');
});

test('why there is no commit is told as it is', async ({ page, server, repository }) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  const open = async (): Promise<void> => {
    await panel.save.click();
    await expect(dialog.getByRole('checkbox', { name: 'Commit' })).toBeDisabled();
  };
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();

  await test.step('a merge', async () => {
    const head = repository.git('rev-parse', 'HEAD');
    repository.write('.git/MERGE_HEAD', head);
    await open();
    await expect(dialog).toContainText(
      'A merge is in progress. Finish it first, or save without a commit.'
    );
    rmSync(join(repository.path, '.git', 'MERGE_HEAD'));
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await expect(dialog.getByRole('checkbox')).toBeChecked();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('a name that git does not know', async () => {
    repository.git('config', '--unset', 'user.name');
    repository.git('config', '--unset', 'user.email');
    repository.git('config', 'user.useConfigOnly', 'true');
    await open();
    await dialog.getByText('How to set it').click();
    await expect(dialog).toContainText('git config --global user.name "Your Name"');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    const told = toast(
      page,
      'Saved environment.yml. Not committed: git does not know your name yet.'
    );
    await told.getByRole('button', { name: 'How to set it' }).click();
    const help = page.getByRole('dialog').filter({ hasText: 'Tell git your name' });
    await help.getByRole('button', { name: 'Copy commands' }).click();
    await expect(help).toBeHidden();
    expect(await panel.clipboard()).toContain('user.email you@example.org');
  });

  await test.step('no repository', async () => {
    mkdirSync(join(server.root, 'plain'), { recursive: true });
    await panel.save.click();
    await dialog
      .getByRole('textbox', { name: 'File', exact: true })
      .fill('plain/environment.yml');
    await expect(dialog).toContainText(
      'This folder is not in a git repository. The file is saved, without a commit.'
    );
    await page.keyboard.press('Escape');
  });
});
