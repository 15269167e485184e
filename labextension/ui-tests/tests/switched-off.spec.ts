import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';
import { LAB } from '../src/server';

test.use({ flavour: { ...LAB, extension: false } });

test('an extension that is off on the server says how to switch it on', async ({
  page,
  server,
  repository,
  picture
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.title('Not switched on for this server')).toBeVisible();
  await panel.action('Copy command').click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe('jupyter server extension enable jupyter_envsnap');
  await expect(panel.action('Try again')).toBeVisible();
  await picture('off');
});
