import { Gettext, type TranslationBundle } from '@jupyterlab/translation';

/** A language in which every text stands in brackets, and is 40 % longer. */
export const pseudo: TranslationBundle = {
  __: one,
  gettext: one,
  _n: many,
  ngettext: many,
  _p: (_, words, ...values: unknown[]) => one(words, ...values),
  pgettext: (_, words, ...values: unknown[]) => one(words, ...values),
  _np: (_, single, plural, n, ...values: unknown[]) => many(single, plural, n, ...values),
  npgettext: (_, single, plural, n, ...values: unknown[]) =>
    many(single, plural, n, ...values),
  dcnpgettext: (_domain, _, single, plural, n, ...values: unknown[]) =>
    many(single, plural, n, ...values)
};

function one(words: string, ...values: unknown[]): string {
  return inBrackets(words, values);
}

function many(single: string, plural: string, n: number, ...values: unknown[]): string {
  return inBrackets(n === 1 ? single : plural, [n, ...values]);
}

function inBrackets(words: string, values: readonly unknown[]): string {
  const padding = '·'.repeat(Math.ceil(words.length * 0.4));
  return `⟦${Gettext.strfmt(words, ...values)}${padding}⟧`;
}

const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'];
const LETTER = /\p{L}/u;

/** Every text below a node that neither came through the translator nor consists of `data`. */
export function untranslated(root: ParentNode, data: readonly string[]): string[] {
  const known = new Set(data.flatMap(words));
  return [...outsideOf(texts(root)), ...attributes(root).flatMap(one => outsideOf([one]))]
    .map(text => text.trim())
    .filter(text => words(text).some(word => LETTER.test(word) && !known.has(word)));
}

function words(text: string): string[] {
  return text.split(/[\s=:,()]+/);
}

/** The parts that stand in no brackets; a sentence may be spread over several elements. */
function outsideOf(parts: readonly string[]): string[] {
  let depth = 0;
  return parts.map(part =>
    Array.from(part)
      .filter(letter => {
        depth += letter === '⟦' ? 1 : letter === '⟧' ? -1 : 0;
        return depth === 0 && letter !== '⟧';
      })
      .join('')
  );
}

function texts(root: ParentNode): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, node =>
    node.parentElement?.closest('style, script, pre.jp-EnvSnap-commands')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT
  );
  const found: string[] = [];
  while (walker.nextNode()) {
    found.push(walker.currentNode.textContent ?? '');
  }
  return found;
}

function attributes(root: ParentNode): string[] {
  return ATTRIBUTES.flatMap(name =>
    Array.from(root.querySelectorAll(`[${name}]`), node => node.getAttribute(name) ?? '')
  );
}
