import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** What axe finds wrong below a selector, each with the markup it is about. */
export async function faults(page: Page, selector: string): Promise<string[]> {
  const result = await new AxeBuilder({ page }).include(selector).analyze();
  expect(result.passes.length).toBeGreaterThan(5);
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`)
  );
}

/** Code keeps its lines, and scrolls sideways. */
const CODE = '.jp-EnvSnap-text, pre';

/** What sticks out of where it stands, and neither scrolls nor is shortened there. */
export async function overflows(root: Locator): Promise<string[]> {
  return root.evaluate((box, code) => {
    const styleOf = (node: Element): CSSStyleDeclaration => getComputedStyle(node);
    const overflow = (node: Element): string => styleOf(node).overflowX;
    const isCut = (node: Element): boolean => ['hidden', 'clip'].includes(overflow(node));
    /** What nothing of this may leave; null: an ellipsis tells that there is more. */
    const placeOf = (start: Element): Element | null => {
      for (let node = start; node !== box; node = node.parentElement ?? box) {
        if (isCut(node)) {
          return styleOf(node).textOverflow === 'ellipsis' ? null : node;
        }
        if (node.matches('button')) {
          return node;
        }
      }
      return box;
    };
    const faults: string[] = [];
    for (const node of [box, ...box.querySelectorAll('*')]) {
      const scrolls = ['auto', 'scroll'].includes(overflow(node));
      if (scrolls && !node.matches(code) && node.scrollWidth > node.clientWidth + 1) {
        faults.push(`${node.getAttribute('class') ?? ''} scrolls sideways`);
      }
    }
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const parent = text.parentElement;
      const heard = parent !== null && parent.offsetWidth <= 1;
      if (heard || !parent?.checkVisibility() || parent.closest(code)) {
        continue;
      }
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, width } = range.getBoundingClientRect();
      const place = placeOf(parent)?.getBoundingClientRect();
      if (place && width > 0 && (left < place.left - 1 || right > place.right + 1)) {
        faults.push(`"${text.textContent ?? ''}" sticks out`);
      }
    }
    return faults;
  }, CODE);
}
