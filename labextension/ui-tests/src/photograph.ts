import { expect, type Locator, type Page, type TestInfo } from '@playwright/test';

import { faults, overflows } from './faults';
import { setPanelWidth, setTheme } from './lab';
import { dismissToasts, Panel } from './panel';
import { keep, type StateName, type Theme, THEMES, WIDTHS_PX } from './sheet';

/** A dialog leaves so much of the window free. */
const AROUND_DIALOG_PX = 32;

/**
 * Take the pictures of what is in view, in every theme and width, and let axe look at each theme.
 * Everything is as it was afterwards, but for the width.
 */
export async function photograph(
  page: Page,
  testInfo: TestInfo,
  state: StateName,
  dialog?: Locator
): Promise<void> {
  const size = page.viewportSize();
  const subject = dialog?.locator('.jp-Dialog-content') ?? new Panel(page).root;
  await dismissToasts(page);
  for (const theme of (Object.keys(THEMES) as Theme[]).reverse()) {
    await setTheme(page, theme);
    for (const width of WIDTHS_PX) {
      if (!dialog) {
        await setPanelWidth(page, width);
      } else if (size) {
        await page.setViewportSize({ ...size, width: width + AROUND_DIALOG_PX });
      }
      const picture = await subject.screenshot({ animations: 'disabled' });
      keep(testInfo, { state, theme, width }, picture);
      expect
        .soft(await overflows(subject), `${state}, ${theme}, ${width} px: it fits`)
        .toEqual([]);
    }
    expect
      .soft(
        await faults(page, dialog ? '.jp-Dialog' : '#jupyter-envsnap-panel'),
        `${state}, ${theme}: what axe finds`
      )
      .toEqual([]);
  }
  if (size) {
    await page.setViewportSize(size);
  }
}
