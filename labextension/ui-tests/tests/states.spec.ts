import { renameSync, rmSync, writeFileSync } from 'node:fs';

import { answerWithProblem } from '../src/answers';
import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell, showNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE, FRAGILE, WORDS } from '../src/kernels';

test('without a kernel it says so, and starts one', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await command(page, 'notebook:shutdown-kernel');

  await expect(panel.title('No kernel')).toBeVisible();
  await expect(panel.root).toContainText(
    'Open a notebook or console to see the environment it runs in.'
  );
  await picture('no-kernel');
  await panel.action('Start a kernel').click();
  await expect(page.getByRole('dialog')).toContainText('Select Kernel');
  await page.getByRole('dialog').getByRole('button', { name: 'Select' }).click();
  await expect(panel.title('climate')).toBeVisible();
});

test('a kernel that starts is waited for', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  writeFileSync(server.switchFile('hold'), '');
  await showNotebook(page, server, repository.notebook('forecast.ipynb', FRAGILE, []));
  await command(page, 'envsnap:show');

  await expect(panel.title('Kernel is starting')).toBeVisible();
  await expect(panel.root).toContainText(
    'Its environment is shown as soon as it answers.'
  );
  await expect(panel.action('Show history')).toBeVisible();
  await picture('starting');
  rmSync(server.switchFile('hold'));
  await expect(panel.title('climate')).toBeVisible();
});

test('a kernel without an environment is told, by its name', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('words.ipynb', WORDS, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('No environment found')).toBeVisible();
  await expect(panel.root).toContainText(
    'This kernel (Words) does not say which environment it runs in.'
  );
  await panel.root.getByText('How it is found').click();
  await picture('no-environment');
});

test('a first reading that takes long says so', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  const held = new Promise<void>(resolve => {
    page.once('close', () => {
      resolve();
    });
  });
  await page.route('**/envsnap/kernels/*/environment*', () => held);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('Reading packages')).toBeVisible();
  await picture('reading');
});

test('a kernel that died leaves its text, and can be restarted', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  const notebook = repository.notebook('forecast.ipynb', FRAGILE, [
    'import os\nos.kill(os.getpid(), 9)'
  ]);
  await openNotebook(page, server, notebook);
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  writeFileSync(server.switchFile('broken'), '');
  await runCell(page, 0, { ends: false });
  const own = page.getByRole('dialog').filter({ hasText: 'appears to have died' });
  await own.getByRole('button', { name: 'Ok' }).click();

  await expect(panel.root).toContainText(/The kernel died at \d\d:\d\d\./);
  await expect(panel.root).toContainText(/This is its environment as of \d\d:\d\d\./);
  await panel.search.fill('climate-tools');
  await expect(panel.line('climate-tools==1.2.0')).toBeVisible();
  await expect(panel.snapshot).toBeDisabled();
  await expect(panel.save).toBeDisabled();
  await panel.search.fill('');
  await picture('dead');
  rmSync(server.switchFile('broken'));
  await panel.action('Restart kernel').click();
  await expect(panel.root).not.toContainText('died');
  await expect(panel.snapshot).toBeEnabled();
});

test('an environment that was deleted is named as gone', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  renameSync(server.climate, `${server.climate}.gone`);
  try {
    await command(page, 'envsnap:refresh');
    await expect(panel.title('Environment is gone')).toBeVisible();
    await expect(panel.action('Show history')).toBeVisible();
    await picture('missing');
  } finally {
    renameSync(`${server.climate}.gone`, server.climate);
  }
});

const STATES = [
  {
    picture: 'remote',
    claim: 'a remote kernel’s environment is not guessed',
    code: 'kernel-remote',
    how: 'remote',
    message: 'It runs on another host.',
    title: 'Kernel runs on another computer',
    sentence: /Its environment lies there, where it cannot be read from here\./,
    action: 'Show history'
  },
  {
    picture: 'unreadable',
    claim: 'an environment that cannot be read is told in the server’s words',
    code: 'prefix-unreadable',
    how: 'process',
    message: 'conda-meta/numpy-2.0.1.json is damaged. Reinstall numpy, then try again.',
    title: 'Environment could not be read',
    sentence: /conda-meta\/numpy-2\.0\.1\.json is damaged/,
    action: 'Try again'
  }
] as const;

for (const state of STATES) {
  test(state.claim, async ({ page, server, repository, picture }) => {
    const panel = new Panel(page);
    await answerWithProblem(page, state.code, state.message, state.how);
    await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
    await command(page, 'envsnap:show');
    await expect(panel.title(state.title)).toBeVisible();
    await expect(panel.root).toContainText(state.sentence);
    await expect(panel.action(state.action)).toBeVisible();
    await expect(panel.title('climate')).toBeHidden();
    await picture(state.picture);
  });
}

test('who may not read is told whom to ask', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  server.deny('read');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('No permission')).toBeVisible();
  await expect(panel.root).toContainText('Ask the server’s operator for read access.');
  await picture('forbidden');
  server.deny();
  await panel.action('Try again').click();
  await expect(panel.title('climate')).toBeVisible();
});

test('who may not write sees the text, and why saving is off', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  server.deny('write');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await panel.snapshot.click();
  await expect(panel.snapshot).toBeDisabled();
  await expect(panel.snapshot).toHaveAttribute('title', /You may look here but not save/);
  await expect(panel.save).toBeDisabled();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
  await picture('read-only');
});

test('a server that is gone leaves the text, and is tried again', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await page.route('**/envsnap/**', route => route.abort('connectionrefused'));
  await command(page, 'envsnap:refresh');

  await expect(panel.root).toContainText('The server does not answer.');
  await expect(panel.root).toContainText(
    /This is from \d\d:\d\d\. Trying again in \d+ second/
  );
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.snapshot).toBeDisabled();
  await picture('server-gone');
  await page.unroute('**/envsnap/**');
  await panel.action('Try now').click();
  await expect(panel.root).not.toContainText('does not answer');
  await expect(panel.snapshot).toBeEnabled();
});
