import { expect, test } from '../src/fixtures';
import { command, openNotebook } from '../src/lab';
import { Panel } from '../src/panel';
import { CLIMATE } from '../src/kernels';

/** As another extension gets at it: the token of our package, resolved by the application. */
interface EnvSnap {
  readonly kernelId: string | null;
  readonly standing: { readonly kind: string };
  readonly changed: { connect(slot: (sender: unknown, change: unknown) => void): void };
  environment(kernelId: string): Promise<{ name: string; conda: { name: string }[] }>;
  document(kernelId: string): Promise<string>;
}

interface Extensions {
  readonly _JUPYTERLAB: Record<
    string,
    { get(name: string): Promise<() => { IEnvSnap: unknown }> }
  >;
  readonly jupyterapp: { resolveRequiredService(token: unknown): Promise<EnvSnap> };
  readonly told: unknown[];
}

test('another extension asks for the environment, and hears of its changes', async ({
  page,
  server,
  repository
}) => {
  await openNotebook(page, server, repository.notebook('forecast.ipynb', CLIMATE, []));
  await expect(page.locator('#jp-main-statusbar')).toContainText('env not saved');

  const answers = await page.evaluate(async () => {
    const extensions = window as unknown as Extensions;
    const ours = await extensions._JUPYTERLAB['jupyter-envsnap']?.get('./index');
    const envsnap = await extensions.jupyterapp.resolveRequiredService(ours?.().IEnvSnap);
    const told: unknown[] = [];
    Object.assign(window, { told });
    envsnap.changed.connect((_, change) => {
      told.push(change);
    });
    const kernelId = envsnap.kernelId ?? '';
    return {
      kernelId,
      standing: envsnap.standing.kind,
      conda: (await envsnap.environment(kernelId)).conda.map(({ name }) => name),
      document: await envsnap.document(kernelId)
    };
  });
  expect(answers.standing).toBe('unsaved');
  expect(answers.conda).toContain('climate-tools');
  expect(answers.document).toContain('  - climate-tools==1.2.0\n');

  await command(page, 'envsnap:snapshot');
  await expect(new Panel(page).title('climate')).toBeVisible();
  await expect
    .poll(() => page.evaluate(() => (window as unknown as Extensions).told))
    .toContainEqual({ kind: 'history', kernelId: answers.kernelId });
});
