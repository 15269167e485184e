import type { TranslationBundle } from '@jupyterlab/translation';
import { changesOf, type IChange } from './changes';
import { addedWords, changedWords, goneWords, wasWords } from './changewords';
import { shapeOf } from './lines';
import type { IWritten } from './state';
import type * as wire from './wire';

/** What is told of a line: by a sign before it, by notes after it. */
export interface IMark {
  /** What became of what stands there; null: nothing. */
  readonly sign: 'added' | 'changed' | null;
  /** It names something that lies only on this machine. */
  readonly warns: boolean;
  readonly notes: readonly string[];
  /** What stood between this line and the next, and is gone. */
  readonly gone: readonly string[];
  /** The same in sentences. */
  readonly said: readonly string[];
}

/** By line, from 0. */
export type Marks = ReadonlyMap<number, IMark>;

export const NO_MARKS: Marks = new Map();

const UNMARKED: IMark = { sign: null, warns: false, notes: [], gone: [], said: [] };

/** Where the text is another than it was, and how. */
export function changeMarks(
  trans: TranslationBundle,
  document: IWritten,
  diff: wire.EnvironmentDiff
): Marks {
  const marks = new Map<number, IMark>();
  const place = new Places(document);
  const { asked, pulled } = changesOf(diff);
  for (const change of [...asked, ...pulled]) {
    const line = place.of(change);
    if (line !== null) {
      const was = wasWords(trans, change);
      const isNew = change.sign === 'added' || change.change === 'moved';
      mark(marks, line, before => ({
        ...before,
        sign: isNew ? 'added' : 'changed',
        notes: was ? [was] : [],
        said: [(isNew ? addedWords : changedWords)(trans, change)]
      }));
    }
    const above = place.before(change);
    if (above !== null) {
      mark(marks, above, before => ({
        ...before,
        gone: [...before.gone, goneWords(change)]
      }));
    }
  }
  for (const [line, { gone, said, ...rest }] of marks) {
    if (gone.length > 0) {
      const words = trans.__('Removed here: %1', gone.join(', '));
      marks.set(line, { ...rest, gone, said: [...said, words] });
    }
  }
  return marks;
}

/** Those marks, and a note at each line that names what lies only on this machine. */
export function withLocal(
  marks: Marks,
  lines: readonly (number | null)[],
  note: string
): Marks {
  const all = new Map(marks);
  for (const line of lines) {
    if (line !== null) {
      mark(all, line, before => ({
        ...before,
        warns: true,
        notes: [...before.notes.filter(other => other !== note), note]
      }));
    }
  }
  return all;
}

/** The lines at which something changed, from the top. */
export function changedLines(marks: Marks): readonly number[] {
  return [...marks]
    .filter(([, { sign, gone }]) => sign !== null || gone.length > 0)
    .map(([line]) => line)
    .sort((a, b) => a - b);
}

/** The next changed line after (before) this one; past the end, the first again. */
export function changedFrom(
  changed: readonly number[],
  line: number,
  step: 1 | -1
): number | null {
  const after = changed.filter(other => (step > 0 ? other > line : other < line));
  const ordered = after.length > 0 ? after : changed;
  return ordered.at(step > 0 ? 0 : -1) ?? null;
}

function mark(
  marks: Map<number, IMark>,
  line: number,
  change: (before: IMark) => IMark
): void {
  marks.set(line, change(marks.get(line) ?? UNMARKED));
}

type Kind = wire.Entry['kind'];

/** Where a document has its packages, and had those that are gone. */
class Places {
  constructor(private readonly _document: IWritten) {
    const { entries } = _document.outline;
    this._lines = new Map(
      entries.map(({ kind, name, line }) => [`${kind} ${name}`, line])
    );
    this._conda = entries.filter(({ kind }) => kind === 'conda');
    this._pypi = entries.filter(({ kind }) => kind === 'pypi');
  }

  /** The line (from 0) of what is there; null where it is not in the text. */
  of({ name, change, packages }: IChange): number | null {
    const kind: Kind = packages.pypi_after ? 'pypi' : 'conda';
    const line = this._lines.get(`${kind} ${name}`);
    return line === undefined || change === 'details' || !isThere(packages)
      ? null
      : line - 1;
  }

  /** The line after which it stood; null where it would not be in the text. */
  before({ name, packages }: IChange): number | null {
    const kind = goneFrom(packages);
    const told = this._document.profile !== 'minimal' || packages.requested;
    if (kind === null || !told) {
      return null;
    }
    const own = kind === 'conda' ? this._conda : this._pypi;
    const [first] = own;
    if (first) {
      const next = own.findIndex(entry => entry.name > name);
      const above = next < 0 ? own.at(-1) : own[next - 1];
      return Math.max(0, (above?.line ?? first.line - 1) - 1);
    }
    // Where pip has nothing any more: its section stood at the end.
    const last = this._document.outline.entries.at(-1);
    const sections = shapeOf(this._document.format.name) !== 'list';
    return kind === 'pypi' && sections && last ? last.line - 1 : null;
  }

  private readonly _lines: ReadonlyMap<string, number>;
  private readonly _conda: readonly wire.Entry[];
  private readonly _pypi: readonly wire.Entry[];
}

function isThere({ conda_after, pypi_after }: wire.PackageChange): boolean {
  return Boolean(conda_after ?? pypi_after);
}

/** The list from which it went. */
function goneFrom(change: wire.PackageChange): Kind | null {
  if (change.conda_before && !change.conda_after) {
    return 'conda';
  }
  return change.pypi_before && !change.pypi_after ? 'pypi' : null;
}
