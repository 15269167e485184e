import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { Panel, saveDialog } from '../src/panel';
import { CLIMATE } from '../src/server';

test('a save needs no mouse, and the focus returns to where it was', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const dialog = saveDialog(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();

  await test.step('the toolbar is one stop, with arrows inside', async () => {
    await panel.snapshot.focus();
    await page.keyboard.press('ArrowRight');
    await expect(panel.save).toBeFocused();
  });

  await test.step('Escape leaves the dialog, and nothing is written', async () => {
    await page.keyboard.press('Enter');
    await expect(dialog).toContainText('climate-tools=1.2.0');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(panel.save).toBeFocused();
    expect(repository.git('status', '--porcelain', 'environment.yml')).toBe('');
  });

  await test.step('the message is edited, and Control Enter saves from inside it', async () => {
    await page.keyboard.press('Enter');
    await expect(dialog).toContainText('climate-tools=1.2.0');
    const message = dialog.getByRole('textbox', { name: 'Commit message' });
    for (let stops = 0; stops < 20; stops += 1) {
      if (await message.evaluate(node => node === document.activeElement)) {
        break;
      }
      await page.keyboard.press('Tab');
    }
    await expect(message).toBeFocused();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('env: by keyboard');
    await page.keyboard.press('Enter');
    await page.keyboard.type('And a second line.');
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(panel.save).toBeFocused();
    expect(repository.git('log', '-1', '--format=%B').trim()).toBe(
      'env: by keyboard\nAnd a second line.'
    );
  });
});

test('the panel is walked by keyboard and left by Escape', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(
    page,
    server,
    repository.notebook('forecast.ipynb', CLIMATE, ['1 + 1'])
  );
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.snapshot).toBeFocused();

  await page.keyboard.press('/');
  await expect(panel.search).toBeFocused();
  await page.keyboard.type('climate-tools');
  await expect(panel.line('climate-tools=1.2.0')).toHaveClass(/jp-mod-current/);
  await page.keyboard.press('Escape');
  await expect(panel.search).toHaveValue('');

  await panel.tab('Environment').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(panel.tab('Changes')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(panel.tab('History')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.locator('.jp-Notebook:focus-within')).toBeVisible();
});
