import { expect, test } from '../src/fixtures';
import { command, kernelReady, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE, SERVERS_OWN } from '../src/kernels';

test('each of two notebooks has its own kernel’s environment', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  const first = repository.notebook('forecast.ipynb', CLIMATE, []);
  const second = repository.notebook('tools.ipynb', SERVERS_OWN, []);
  await openNotebook(page, server, first);
  await command(page, 'envsnap:show');
  await expect(panel.title('climate')).toBeVisible();
  expect(await panel.text()).toContain('climate-tools==1.2.0');

  await command(page, 'docmanager:open', { path: second });
  await expect(panel.root).toContainText('tools.ipynb');
  await expect(panel.title('climate')).toBeHidden();
  const text = await panel.text();
  expect(text).toContain('jupyterlab==');
  expect(text).not.toContain('climate-tools');

  await command(page, 'docmanager:open', { path: first });
  await expect(panel.title('climate')).toBeVisible();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
});

test('a switch of the kernel and its restart are followed', async ({
  page,
  server,
  repository
}) => {
  const panel = new Panel(page);
  await openNotebook(
    page,
    server,
    repository.notebook('forecast.ipynb', SERVERS_OWN, [])
  );
  await command(page, 'envsnap:show');
  await expect(panel.root).toContainText('Python 3 (ipykernel)');
  expect(await panel.text()).toContain('jupyterlab==');

  await page.evaluate(async name => {
    await window.jupyterapp.shell.currentWidget?.sessionContext?.changeKernel({ name });
  }, CLIMATE.name);
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.root).toContainText('Python (climate)');

  // JupyterLab may never hear again of a kernel that is restarted before it first answered.
  await kernelReady(page);
  await page.evaluate(async () => {
    await window.jupyterapp.shell.currentWidget?.sessionContext?.restartKernel();
  });
  await kernelReady(page);
  await expect(panel.title('climate')).toBeVisible();
  await expect(panel.snapshot).toBeEnabled();
  expect(await panel.text()).toContain('climate-tools==1.2.0');
});
