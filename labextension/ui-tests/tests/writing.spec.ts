import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { Panel, saveDialog, toast } from '../src/panel';
import { CLIMATE } from '../src/kernels';

const BY_HAND = `# What the paper needs; ask Ana before changing it.
name: climate
channels: [conda-forge]  # nothing else
dependencies:
  - python=3.9  # as on the cluster
  # our own
  - climate-tools=1.0.0
  - python-dateutil>=2  # any will do
`;

test('a short text is chosen, its reasons are read, and a file by hand keeps its comments', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.write('environment.yml', BY_HAND);
  repository.git('add', 'environment.yml');
  repository.git('commit', '--quiet', '--message', 'Environment, by hand');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.line('asttokens')).toBeVisible();

  await test.step('the text shrinks to what was asked for', async () => {
    await panel.writing.click();
    await page.getByRole('radio', { name: 'Same platform' }).press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Any platform' })).toBeChecked();
    await expect(panel.line('asttokens')).toBeHidden();
    await expect(panel.line('ipykernel')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel.writing).toBeFocused();
    await expect(panel.writing).toHaveText(/Any platform/);
  });

  await test.step('each line says why it is there', async () => {
    const line = panel.line('ipykernel=');
    const why = line.getByText('You asked for it');
    await expect(why).toHaveCSS('clip-path', 'inset(50%)');
    await line.hover();
    await expect(why).toHaveCSS('clip-path', 'none');
    await expect(panel.told).toHaveText('Added: ipykernel');
  });

  await test.step('by keyboard, too', async () => {
    await panel.search.hover();
    await panel.region.focus();
    await page.keyboard.press('Home');
    await expect(panel.told).toBeEmpty();
    await page.keyboard.press('End');
    const why = panel.root.locator('.jp-mod-current .jp-EnvSnap-why');
    await expect(why).toHaveText(/^You asked for it/);
    await expect(why).toHaveCSS('clip-path', 'none');
  });

  await test.step('Jupyter is left out, and what only it needs', async () => {
    await panel.writing.click();
    await page.getByRole('checkbox', { name: 'Jupyter' }).press('Space');
    await expect(panel.line('ipykernel')).toBeHidden();
    await page.keyboard.press('Enter');
    await expect(panel.writing).toBeFocused();
    await expect(panel.writing).toHaveAccessibleName(
      'How it is written: Any platform, without Jupyter'
    );
    const text = await panel.text();
    expect(text).not.toContain('ipykernel');
    expect(text).toContain('  - climate-tools==1.2.0\n');
  });

  await test.step('the file is updated so, and its comments stay', async () => {
    await panel.save.click();
    await expect(dialog.getByRole('radio', { name: 'Update the file' })).toBeChecked();
    await expect(dialog.getByRole('checkbox', { name: /^Pin/ })).toHaveAccessibleName(
      'Pin what is loose: python-dateutil'
    );
    await dialog.getByRole('button', { name: 'Write it as the panel shows it' }).click();
    await expect(dialog).toContainText('Without Jupyter.');
    await dialog.getByRole('button', { name: 'Save and commit' }).click();
    await expect(toast(page, 'committed it')).toBeVisible();
    const text = repository.git('show', 'HEAD:environment.yml');
    for (const kept of [
      '# What the paper needs; ask Ana before changing it.\n',
      '  # our own\n  - climate-tools=1.2.0\n',
      '  - python-dateutil>=2  # any will do\n'
    ]) {
      expect(text).toContain(kept);
    }
    expect(text).toMatch(/ {2}- python=\d+\.\d+\.\d+ {2}# as on the cluster\n/);
    expect(text).toContain('without=jupyter');
    expect(text).not.toContain('ipykernel');
  });

  await test.step('and is known to be so the next time', async () => {
    await expect(panel.root).toContainText('Matches environment.yml');
    await panel.save.click();
    await expect(dialog).toContainText('Without Jupyter.');
    await expect(dialog).toContainText('The file already has this text.');
  });
});

test('a new file is written as the panel shows the environment', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await panel.writing.click();
  await page.getByRole('radio', { name: 'Any platform' }).check();
  await page.getByRole('textbox', { name: 'Leave out a package' }).fill('climate-tools');
  await page.keyboard.press('Enter');
  await expect(panel.line('climate-tools=')).toBeHidden();
  await page.keyboard.press('Escape');
  await panel.save.click();
  await expect(dialog).toContainText('Without climate-tools.');
  await expect(dialog.getByRole('radio')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Save and commit' }).click();
  await expect(dialog).toBeHidden();
  expect(repository.read('environment.yml')).toMatch(
    /^# envsnap: profile=minimal exclude=climate-tools\n/
  );
});

test('a file that cannot be updated is replaced only on request', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  repository.write('environment.yml', 'name: climate\ndependencies: {{ packages }}\n');
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.action('environment.yml cannot be compared')).toBeVisible();
  await panel.save.click();
  const save = dialog.getByRole('button', { name: 'Save and commit' });
  await expect(dialog.getByRole('alert')).toContainText('Replace the file, or cancel.');
  await expect(save).toBeDisabled();
  await dialog.getByRole('alert').getByRole('button', { name: 'Replace' }).click();
  await expect(dialog.getByRole('alert')).toBeHidden();
  await expect(dialog.getByRole('radio', { name: 'Replace the file' })).toBeChecked();
  await save.click();
  await expect(dialog).toBeHidden();
  expect(repository.read('environment.yml')).toContain('  - climate-tools==1.2.0\n');
});

test('every format is shown, searched and downloaded under its own name', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  for (const [name, file, line] of [
    ['requirements.txt', 'requirements.txt', 'ipykernel=='],
    ['JSON', 'environment.json', '"ipykernel='],
    ['Package addresses', 'explicit.txt', 'ipykernel-']
  ] as const) {
    await panel.writing.click();
    await page.getByRole('radio', { name }).check();
    await page.keyboard.press('Escape');
    await expect(panel.region).toHaveAccessibleName(new RegExp(`^${file}, \\d+ lines$`));
    await panel.search.fill('ipykernel');
    await expect(panel.line(line)).toHaveClass(/jp-mod-current/);
    const download = page.waitForEvent('download');
    await panel.choose('Download');
    expect((await download).suggestedFilename()).toBe(file);
  }
});
