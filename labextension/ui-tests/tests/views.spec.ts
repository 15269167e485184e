import { expect, test } from '../src/fixtures';
import { command, openNotebook, runCell } from '../src/lab';
import { choiceDialog, inUnfolded, Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE, MISNAMED } from '../src/kernels';
import { dressUp, update } from '../src/showcase';

test('the environment is shown with what to know of it, and how it is written', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  dressUp(server.climate);
  const wheel = server.offerWheel('mylib', '0.3.0');
  const notebook = repository.notebook('forecast.ipynb', CLIMATE, [
    `%pip install ${wheel}`
  ]);
  await openNotebook(page, server, notebook);
  await runCell(page, 0);
  await command(page, 'envsnap:show');
  await expect(panel.root).toContainText('was installed from a file on this machine');
  repository.write(
    'environment.yml',
    (await panel.text())
      .replace('xarray==2024.7.0', 'xarray==2024.9.0')
      .replace('  - zarr==2.18.3\n', '')
  );
  await expect(panel.action(/changes? since environment\.yml/)).toBeVisible();
  await picture('environment');

  await panel.root.getByText('About this environment').click();
  await panel.line('name: climate').hover();
  await picture('about');
  await panel.root.getByText('About this environment').click();

  await panel.writing.click();
  const field = page.getByRole('textbox', { name: 'Leave out a package' });
  await field.fill('no-such-package');
  await page.keyboard.press('Enter');
  await expect(panel.action('Leave it out no more')).toBeVisible();
  await picture('writing');
  await page.keyboard.press('Escape');
  await panel.action('Leave it out no more').click();
});

test('how the environment was found is told, and another is chosen from a list', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', MISNAMED, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await panel.found().click();
  await expect(panel.story).toContainText('Others say');
  await picture('found');

  const names = Array.from('abcdefgh').map(letter => `${letter}-2026`);
  await server.withEnvironments(names, async () => {
    await panel.story.getByRole('button', { name: 'Choose environment…' }).click();
    await expect(choiceDialog(page).getByRole('combobox')).toBeFocused();
    await page.keyboard.type('2026');
    await picture('choice', choiceDialog(page));
    await page.keyboard.press('Escape');
  });
});

test('changes are listed: what was asked for, what came with it, and settings', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  dressUp(server.climate);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  const text = await panel.text();
  repository.write(
    'environment.yml',
    text
      .replace('numpy==2.1.2', 'numpy==1.26.4')
      .replace('xarray==2024.7.0', 'xarray==2024.9.0')
      .replace('openssl==3.3.2', 'openssl==3.3.1')
      .replace('  - zarr==2.18.3\n', '')
      .replace('  - zstd==1.5.6\n', '  - zlib-ng==2.2.2\n  - zstd==1.5.6\n')
      .concat('variables:\n  OMP_NUM_THREADS: "4"\n')
  );
  await expect(panel.action(/changes since environment\.yml/)).toBeVisible();
  await panel.tab('Changes').click();
  await expect(panel.root).toContainText('OMP_NUM_THREADS');
  await picture('changes');

  await panel.action(/^Before:/).click();
  await expect(page.getByRole('group', { name: /^Before/ })).toBeVisible();
  await picture('sides');
  await inUnfolded(
    panel.action(/^Before:/),
    page.getByRole('group', { name: /^Before/ }).getByRole('searchbox'),
    async (field, soon) => {
      await field.fill('no-such-branch', soon);
      await panel.action(/^no-such-branch/).click(soon);
    }
  );
  await expect(panel.title('These cannot be compared')).toBeVisible();
  await picture('incomparable');
});

test('the history is a list of moments, to unfold, to compare and to open', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  dressUp(server.climate);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await panel.toolbarButton.click();
  await expect(toast(page, 'Snapshot kept')).toBeVisible();
  await panel.tab('History').click();
  update(server.climate, 'xarray', '2024.7.0', '2024.10.0');
  await expect(panel.rows.filter({ hasText: 'Packages changed' })).toHaveCount(1);
  await panel.rows.first().getByRole('button', { expanded: false }).click();
  await expect(panel.rows.first().getByRole('button', { name: 'Open' })).toBeVisible();
  await picture('history');

  for (const row of [panel.rows.first(), panel.rows.nth(1)]) {
    await row.getByRole('button').first().press('Space');
  }
  await expect(panel.root).toContainText('2 selected');
  await picture('selected');

  await panel.rows.first().getByRole('button', { name: 'Open' }).click();
  await expect(panel.line('name: climate')).toBeVisible();
  await picture('past');
  update(server.climate, 'xarray', '2024.10.0', '2024.7.0');
});

test('the save dialog shows what will be written, and that someone else wrote the file', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  dressUp(server.climate);
  repository.write(
    'environment.yml',
    '# For the paper.\nname: climate\ndependencies:\n  - python=3.9\n  - numpy=1.26.4  # stay\n'
  );
  repository.git('add', 'environment.yml');
  repository.git('commit', '--quiet', '--message', 'Environment, by hand');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await panel.save.click();
  await expect(dialog).toContainText('climate-tools==1.2.0');
  await picture('save', dialog);

  repository.write('environment.yml', 'name: somebody-elses\n');
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(dialog.getByRole('alert')).toContainText('was changed while you looked');
  await picture('conflict', dialog);
});
