import { expect, test } from '../src/fixtures';
import { command, kernelReady, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';

test('a server that was killed leaves the text, is counted down to, and is found again', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await command(page, 'envsnap:show');
  await expect(panel.action(/^Not saved yet/)).toBeVisible();

  await server.kill();
  await command(page, 'envsnap:refresh');
  await expect(panel.root).toContainText(
    /The server does not answer\. ?This is from \d\d:\d\d\. Trying again in \d+ seconds?\./
  );
  await expect(panel.line('name: climate')).toBeVisible();
  await expect(panel.snapshot).toBeDisabled();

  await server.revive();
  await expect(panel.root).not.toContainText('does not answer', { timeout: 90_000 });
  // Its kernels went with it, and JupyterLab takes a while to see that its session did, too.
  await expect(async () => {
    await page.evaluate(async name => {
      await window.jupyterapp.shell.currentWidget?.sessionContext?.changeKernel({ name });
    }, CLIMATE.name);
  }).toPass({ timeout: 40_000 });
  await kernelReady(page);
  await expect(panel.line('name: climate')).toBeVisible();
  await expect(panel.snapshot).toBeEnabled();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
});
