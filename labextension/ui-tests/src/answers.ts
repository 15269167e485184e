import type { Page } from '@playwright/test';

interface KernelRow {
  prefix: unknown;
  how: string;
  fingerprint: string | null;
  problem: { code: string; message: string; detail: object } | null;
}

/** Let the server's list of kernels say of each that it has this problem. */
export async function answerWithProblem(
  page: Page,
  code: string,
  message: string,
  how = 'unknown'
): Promise<void> {
  await page.route('**/envsnap/kernels*', async route => {
    const response = await route.fetch();
    const list = (await response.json()) as { kernels: KernelRow[] };
    const kernels = list.kernels.map(kernel => ({
      ...kernel,
      prefix: null,
      how,
      fingerprint: null,
      problem: { code, message, detail: {} }
    }));
    await route.fulfill({ response, json: { ...list, kernels } });
  });
}
