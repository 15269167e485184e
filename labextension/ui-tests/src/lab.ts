import { expect, type Locator, type Page } from '@playwright/test';

import type { JupyterServer } from './server';
import { type Theme, THEMES } from './sheet';

/** What of JupyterLab's objects the tests use inside the page. */
interface Kernel {
  readonly id: string;
  readonly connectionStatus: string;
  readonly status: string;
}

interface SessionContext {
  readonly ready: Promise<void>;
  readonly session: {
    readonly kernel: Kernel | null;
  } | null;
  changeKernel(options: { name: string }): Promise<unknown>;
  restartKernel(): Promise<void>;
  shutdown(): Promise<void>;
}

interface FileChange {
  readonly type: string;
  readonly newValue: { readonly path?: string } | null;
}

interface Widget {
  readonly id: string;
  readonly node: HTMLElement;
  readonly isVisible: boolean;
  children(): Iterable<Widget>;
  /** Of a split panel. */
  setRelativeSizes?(sizes: number[]): void;
}

interface Application {
  readonly restored: Promise<void>;
  readonly serviceManager: {
    readonly contents: {
      readonly fileChanged: {
        connect(hear: (sender: unknown, change: FileChange) => void): void;
      };
    };
  };
  readonly commands: { execute(id: string, args?: object): Promise<unknown> };
  readonly shell: Widget & {
    readonly currentWidget: { readonly sessionContext?: SessionContext } | null;
  };
}

declare global {
  interface Window {
    jupyterapp: Application;
  }
}

export async function command(
  page: Page,
  id: string,
  args: Record<string, string | boolean | Record<string, string>> = {}
): Promise<void> {
  await page.evaluate(
    async ([name, given]) => {
      await window.jupyterapp.commands.execute(name, given);
    },
    [id, args] as const
  );
}

/** Open a notebook in a workspace of its own. */
export async function showNotebook(
  page: Page,
  server: JupyterServer,
  path: string
): Promise<void> {
  const workspace = path.replaceAll(/[^a-z0-9]/g, '-');
  const place =
    server.flavour.app === 'lab'
      ? `lab/workspaces/${workspace}/tree/${path}`
      : `notebooks/${path}`;
  await page.goto(server.url + place);
  await expect(page.locator('.jp-Notebook')).toBeVisible();
}

/** Open a notebook and wait until its kernel answers. */
export async function openNotebook(
  page: Page,
  server: JupyterServer,
  path: string
): Promise<void> {
  await showNotebook(page, server, path);
  await kernelReady(page);
}

/** Wait until the current notebook's kernel answers, and return its id. */
export async function kernelReady(page: Page): Promise<string> {
  // Not `kernel.info`: a restart may leave that promise behind, never to be kept.
  const id = await page.waitForFunction(() => {
    const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
      ? kernel.id
      : null;
  });
  return (await id.jsonValue()) ?? '';
}

export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await command(page, 'apputils:change-theme', { theme: THEMES[theme] });
  await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', THEMES[theme]);
  // It covers the page meanwhile.
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
}

/** Make the right sidebar so wide, without a click that would close what is unfolded in it. */
export async function setPanelWidth(page: Page, width: number): Promise<void> {
  await page.evaluate(wanted => {
    const find = (widget: Widget): Widget | null =>
      widget.id === 'jp-main-split-panel'
        ? widget
        : Array.from(widget.children()).reduce<Widget | null>(
            (found, child) => found ?? find(child),
            null
          );
    const split = find(window.jupyterapp.shell);
    const sizes = Array.from(split?.children() ?? [], ({ isVisible, node }) =>
      isVisible ? node.offsetWidth : 0
    );
    const last = sizes.length - 1;
    const middle = last - 1;
    const sum = (sizes[middle] ?? 0) + (sizes[last] ?? 0);
    // Half a pixel more: it is rounded down.
    const right = wanted + 0.5;
    split?.setRelativeSizes?.([...sizes.slice(0, middle), sum - right, right]);
  }, width);
  const panel = page.locator('#jupyter-envsnap-panel');
  await expect
    .poll(async () => Math.abs(((await panel.boundingBox())?.width ?? 0) - width))
    .toBeLessThanOrEqual(1);
}

export function notebookCell(page: Page, index: number): Locator {
  return page.locator('.jp-Notebook:visible .jp-CodeCell').nth(index);
}

/** Run a cell and wait until it has ended, if it does. */
export async function runCell(
  page: Page,
  index: number,
  { ends } = { ends: true }
): Promise<Locator> {
  const cell = notebookCell(page, index);
  await cell.locator('.jp-InputPrompt').click();
  await command(page, 'notebook:run-cell');
  if (ends) {
    await expect(cell.locator('.jp-InputPrompt')).toHaveText(/\[\d+\]:/, {
      timeout: 60_000
    });
  }
  return cell.locator('.jp-OutputArea-output').first();
}

/** End the current notebook's kernel, as its menu does, without being asked whether to. */
export async function shutDownKernel(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await window.jupyterapp.shell.currentWidget?.sessionContext?.shutdown();
  });
}
