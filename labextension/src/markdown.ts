import type { TranslationBundle } from '@jupyterlab/translation';
import type { IChange, IChanges } from './changes';
import { noteWords, sideWords, stepWords } from './changewords';
import type { IComparing, ISide } from './comparing';
import type * as wire from './wire';

/** The changes for a pull request: what was asked for as a table, the rest folded. */
export function markdownOf(
  trans: TranslationBundle,
  { before, after }: IComparing,
  { asked, pulled, settings }: IChanges,
  now: Date
): string {
  const title = trans.__(
    'Environment: %1 → %2',
    named(trans, before, now),
    named(trans, after, now)
  );
  const parts = [`**${text(title)}**`];
  if (asked.length + settings.length > 0) {
    parts.push(table(trans, [...asked.map(cells(trans)), ...settings.map(factCells)]));
  }
  if (pulled.length > 0) {
    const summary = trans._n(
      'Pulled in by them: %1 package',
      'Pulled in by them: %1 packages',
      pulled.length
    );
    const rows = table(trans, pulled.map(cells(trans)));
    parts.push(
      asked.length + settings.length > 0
        ? `<details><summary>${summary}</summary>\n\n${rows}\n\n</details>`
        : rows
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function named(trans: TranslationBundle, side: ISide | null, now: Date): string {
  const { name, hint } = side ? sideWords(trans, side, now) : { name: '', hint: '' };
  return hint ? `${name} (${hint})` : name;
}

type Cells = readonly [string, string, string, string];

function cells(trans: TranslationBundle) {
  return (change: IChange): Cells => {
    const note = noteWords(trans, change);
    const words = [stepWords(trans, change), note].filter(Boolean).join('. ');
    return [
      change.by === 'pip' ? `${change.name} (pip)` : change.name,
      change.before ?? '',
      change.after ?? '',
      words
    ];
  };
}

function factCells({ name, before, after }: wire.FactChange): Cells {
  return [name, before ?? '', after ?? '', ''];
}

function table(trans: TranslationBundle, rows: readonly Cells[]): string {
  const head = [
    trans.__('Package'),
    trans.__('Before'),
    trans.__('After'),
    trans.__('Change')
  ];
  return [head, head.map(() => '---'), ...rows.map(row => row.map(text))]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** What stands in an environment is not to be read as Markdown, nor as HTML. */
function text(value: string): string {
  return value
    .replace(/[\\`*_{}[\]<>|~#]/g, sign => `\\${sign}`)
    .replace(/@/g, '&#64;')
    .replace(/\s+/g, ' ');
}
