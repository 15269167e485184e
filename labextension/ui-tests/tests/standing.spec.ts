import { expect, test } from '../src/fixtures';
import { HeldIndex } from '../src/heldindex';
import { command, openNotebook, runCell } from '../src/lab';
import { Panel, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('how the environment stands to its file is said, and follows the file', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.action(/^Not saved yet/)).toBeVisible();
  await picture('unsaved');

  const text = await panel.text();
  repository.write('environment.yml', text);
  await expect(panel.action(/^Matches environment\.yml/)).toBeVisible();
  await picture('same');

  repository.write(
    'environment.yml',
    text.replace('climate-tools==1.2.0', 'climate-tools==1.0.0')
  );
  await expect(panel.action(/^1 change since environment\.yml/)).toBeVisible();
  await picture('changed');

  repository.write('environment.yml', 'name: climate\ndependencies: {{ packages }}\n');
  await expect(panel.action(/^environment\.yml cannot be compared/)).toBeVisible();
  await picture('file-unclear');
});

test('an installer at work is named, and what it did is compared with the last snapshot', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  const index = await HeldIndex.open();
  const wheel = server.offerWheel('cmocean', '4.0.3');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    `%pip install --find-links ${index.url} ${wheel}`,
    `%pip install --find-links ${index.url} no-such-package`
  ]);
  await openNotebook(page, server, notebook);
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await expect(panel.action(/^Not saved yet/)).toBeVisible();

  const held = runCell(page, 1);
  await expect(panel.root).toContainText('Busy');
  server.touchEnvironment();
  await expect(panel.root).toContainText(/pip is at work\. As of \d\d:\d\d\./);
  await picture('being-changed');
  index.release();
  await held;
  await expect(panel.root).not.toContainText('at work');

  await runCell(page, 0);
  await expect(panel.action(/^1 change since the last snapshot/)).toBeVisible();
  await picture('changed-since-snapshot');
});

test('a history that goes when its container goes says so', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await page.route('**/envsnap/snapshots?*', async route => {
    const response = await route.fetch();
    const list = (await response.json()) as object;
    const finding = {
      code: 'history-not-kept',
      message:
        'The history lies in `/home/jovyan/.local/share/jupyter`, which goes when this container goes.',
      advice: 'Set `EnvSnapApp.history_path` to a file in a folder that stays.',
      package: null,
      path: '/home/jovyan/.local/share/jupyter'
    };
    await route.fulfill({ response, json: { ...list, findings: [finding] } });
  });
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await panel.tab('History').click();
  await expect(panel.root).toContainText('which goes when this container goes');
  await expect(panel.rows.filter({ hasText: 'Snapshot by you' })).toHaveCount(1);
  await picture('history-not-kept');
});
