import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Page } from '@playwright/test';
import * as ts from 'typescript';

const SOURCES = resolve(__dirname, '..', '..', 'src');
const LANGUAGE = 'xx';
/** Where a call of the translator has its texts. */
const TEXTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['__', [0]],
  ['_n', [0, 1]],
  ['_p', [1]],
  ['_np', [1, 2]]
]);

/** In brackets, and 40 % longer. */
function translated(text: string): string {
  return `⟦${text}${'·'.repeat(Math.ceil(text.length * 0.4))}⟧`;
}

/** Every text that a source file gives to the translator, as a catalogue has them. */
function* entriesOf(path: string): Generator<[string, string[]]> {
  const file = ts.createSourceFile(
    path,
    readFileSync(path, 'utf-8'),
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  );
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      calls.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const call of calls) {
    const { expression } = call;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
    const places = TEXTS.get(name);
    if (!places) {
      continue;
    }
    const textAt = (place: number): string => {
      const argument = call.arguments[place];
      if (!argument || !ts.isStringLiteralLike(argument)) {
        throw new Error(`${path}: no tool can find this text: ${call.getText()}`);
      }
      return argument.text;
    };
    const own = places.map(textAt);
    const context = places[0] === 1 ? `${textAt(0)}\u0004` : '';
    yield [`${context}${own[0] ?? ''}`, own.map(translated)];
  }
}

/** Let the server speak a language of ours, in which every text of the page is in brackets. */
export async function speakInBrackets(page: Page): Promise<void> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf-8' }).filter(
    name => /\.tsx?$/.test(name)
  );
  const entries = files.flatMap(name => [...entriesOf(join(SOURCES, name))]);
  const about = {
    domain: 'jupyter_envsnap',
    language: LANGUAGE,
    plural_forms: 'nplurals=2; plural=(n != 1);',
    version: ''
  };
  const data = { jupyter_envsnap: { '': about, ...Object.fromEntries(entries) } };
  await page.route('**/api/translations/**', route =>
    route.fulfill({ json: { data, message: '' } })
  );
}

/** What of these texts, in reading order, stands in no brackets. */
export function outsideOfBrackets(texts: readonly string[]): string[] {
  let depth = 0;
  return texts
    .map(text =>
      Array.from(text)
        .filter(letter => {
          depth += letter === '⟦' ? 1 : letter === '⟧' ? -1 : 0;
          return depth === 0 && letter !== '⟧';
        })
        .join('')
        .trim()
    )
    .filter(text => /\p{L}/u.test(text));
}
