import { expect, type Locator, type Page } from '@playwright/test';

/** The sidebar, by what a person sees of it. */
export class Panel {
  readonly root: Locator;
  readonly snapshot: Locator;
  readonly save: Locator;
  readonly search: Locator;
  readonly lines: Locator;

  constructor(readonly page: Page) {
    this.root = page.locator('#jupyter-envsnap-panel');
    this.snapshot = this.root.getByRole('button', { name: 'Snapshot', exact: true });
    this.save = this.root.getByRole('button', { name: 'Save to repository…' });
    this.search = this.root.getByRole('searchbox');
    this.lines = this.root.locator('.jp-EnvSnap-line');
  }

  /** The button in the notebook's toolbar. */
  get toolbarButton(): Locator {
    return this.page
      .locator('.jp-NotebookPanel-toolbar:visible')
      .getByRole('button', { name: 'Snapshot environment' });
  }

  /** How the environment was found, in the header. */
  found(words = ''): Locator {
    return this.root.getByRole('button', { name: `How it was found: ${words}` });
  }

  /** What that unfolds. */
  get story(): Locator {
    return this.root.getByRole('group', { name: 'How it was found' });
  }

  tab(name: 'Environment' | 'Changes' | 'History'): Locator {
    return this.root.getByRole('tab', { name });
  }

  /** The choice of how the text is written. */
  get writing(): Locator {
    return this.root.getByRole('button', { name: /^How it is written/ });
  }

  /** The text, which can have the focus. */
  get region(): Locator {
    return this.root.getByRole('region', { name: /lines?$/ });
  }

  /** Why the line that is pointed at is there. */
  get told(): Locator {
    return this.root.locator('.jp-EnvSnap-foot [role=status]');
  }

  action(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }

  /** Choose from the ⋯ menu: narrow panels have it there. */
  async choose(item: string): Promise<void> {
    await this.action('More').click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** The environment's name, or that of a state without one. */
  title(text: string): Locator {
    return this.root.getByRole('heading', { name: text, exact: true });
  }

  /** A line of the text that is in view. */
  line(text: string): Locator {
    return this.lines.filter({ hasText: text });
  }

  /** Make it so wide, by its edge. */
  async widen(width: number): Promise<void> {
    const box = await this.root.boundingBox();
    if (!box) {
      throw new Error('the panel is not in view');
    }
    const edge = { x: box.x - 3, y: box.y + box.height / 2 };
    await this.page.mouse.move(edge.x, edge.y);
    await this.page.mouse.down();
    await this.page.mouse.move(edge.x - (width - box.width), edge.y, { steps: 4 });
    await this.page.mouse.up();
    await expect(this.root).toHaveCSS('width', new RegExp(`^${width}`));
  }

  get rows(): Locator {
    return this.root.getByRole('listitem');
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** The whole text, by way of the clipboard: only the lines in view are in the document. */
  async text(): Promise<string> {
    await this.page.evaluate(async () => {
      await navigator.clipboard.writeText('');
      await window.jupyterapp.commands.execute('envsnap:copy-yaml');
    });
    let text = '';
    await expect(async () => {
      text = await this.clipboard();
      expect(text).not.toBe('');
    }).toPass();
    return text;
  }
}

/**
 * Do something with an entry of what a button unfolds. It is unfolded again where the focus was
 * taken elsewhere meanwhile, which folds it.
 */
export async function inUnfolded(
  button: Locator,
  entry: Locator,
  act: (entry: Locator, soon: { timeout: number }) => Promise<void>
): Promise<void> {
  await expect(async () => {
    if (!(await entry.isVisible())) {
      await button.click();
    }
    await act(entry, { timeout: 3_000 });
  }).toPass();
}

export function toast(page: Page, text: string | RegExp): Locator {
  return page
    .locator('.jp-toast-message, .Toastify__toast')
    .filter({ hasText: text })
    .first();
}

/** Close what is told, so that it covers nothing. */
export async function dismissToasts(page: Page): Promise<void> {
  await page.evaluate(() => {
    document
      .querySelectorAll<HTMLElement>('.jp-toast-button, .Toastify__close-button')
      .forEach(button => {
        if (button.ariaLabel !== null) {
          button.click();
        }
      });
  });
  await expect(page.locator('.Toastify__toast')).toHaveCount(0);
}

export function saveDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Save environment to repository' });
}

export function choiceDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Choose environment' });
}
