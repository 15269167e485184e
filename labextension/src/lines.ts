/** A run of one line; the runs of a line join to exactly that line. */
export interface IToken {
  readonly kind: 'punct' | 'key' | 'name' | 'version' | 'comment' | 'text';
  readonly text: string;
}

const ITEM = /^(\s*- )(.*)$/;
const KEY = /^(\s*)([\w-]+)(:)(\s.*|)$/;
const PACKAGE =
  /^((?:[\w.-]+::)?[A-Za-z0-9_][\w.-]*(?:\[[\w.,-]*\])?)(={1,3})([^=\s]+)(.*)$/;

const QUOTED = /^(\s*")([^"]*)(",?)$/;

/** How the lines of a format are to be read: as YAML, as JSON, or one package on each. */
export type Shape = 'yaml' | 'json' | 'list';

export function shapeOf(format: string): Shape {
  const shapes: Readonly<Record<string, Shape>> = {
    'environment-yaml': 'yaml',
    'environment-json': 'json'
  };
  return shapes[format] ?? 'list';
}

/** The runs of one line of an environment file: keys, names, versions and what joins them. */
export function tokens(line: string, shape: Shape = 'yaml'): readonly IToken[] {
  if (shape !== 'json' && /^\s*#/.test(line)) {
    return [{ kind: 'comment', text: line }];
  }
  if (shape === 'list') {
    return runs(...entry(line));
  }
  const item = (shape === 'yaml' ? ITEM : QUOTED).exec(line);
  if (item) {
    return runs(['punct', item[1]], ...entry(item[2] ?? ''), ['punct', item[3]]);
  }
  return (shape === 'yaml' && keyed(line)) || runs(['text', line]);
}

/** What a package entry is about: the part after the dash, in which people search. */
export function itemOf(
  line: string,
  shape: Shape = 'yaml'
): { readonly offset: number; readonly text: string } | null {
  if (shape === 'list') {
    return /^[#@]/.test(line) ? null : { offset: 0, text: line };
  }
  const item = (shape === 'yaml' ? ITEM : QUOTED).exec(line);
  if (!item || item[1] === undefined || item[2] === undefined || KEY.test(item[2])) {
    return null;
  }
  return { offset: item[1].length, text: item[2] };
}

/** Numbers (from 0) of the lines whose entry contains the words, ignoring case. */
export function search(
  lines: readonly string[],
  words: string,
  shape: Shape = 'yaml'
): readonly number[] {
  const wanted = wantedOf(words);
  return lines.flatMap((line, index) => (hitIn(line, wanted, shape) ? [index] : []));
}

/** What is searched by these words, in any case; null: nothing. `=` and `==` find each other. */
export function wantedOf(words: string): RegExp | null {
  const plain = words.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return plain ? new RegExp(plain.replace(/=+/g, '=+'), 'i') : null;
}

/** From where to where the entry of a line is what is wanted; null where it is not. */
export function hitIn(
  line: string,
  wanted: RegExp | null,
  shape: Shape = 'yaml'
): readonly [number, number] | null {
  const item = wanted && itemOf(line, shape);
  const found = item && wanted.exec(item.text);
  if (!found) {
    return null;
  }
  const from = item.offset + found.index;
  return [from, from + found[0].length];
}

/** Number (from 0) of the line that is about a package; pip's `_` and `.` are conda's `-`. */
export function lineOf(lines: readonly string[], packageName: string): number | null {
  const wanted = normal(packageName);
  // Last first: the pip section stands last, and a replaced package is in use from there.
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const text = itemOf(lines[index] ?? '')?.text;
    if (text !== undefined && names(text).includes(wanted)) {
      return index;
    }
  }
  return null;
}

function names(entryText: string): readonly string[] {
  const spec = entryText.replace(/^['"]|['"]$/g, '').replace(/^[\w.-]+::/, '');
  const plain = /^[A-Za-z0-9_][\w.-]*/.exec(spec)?.[0];
  const egg = /[#&]egg=([\w.-]+)/.exec(spec)?.[1];
  const folder = /^-e .*?([\w.-]+)\/?$/.exec(spec)?.[1];
  return [plain, egg, folder].flatMap(name => (name === undefined ? [] : [normal(name)]));
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function entry(text: string): readonly Run[] {
  const spec = PACKAGE.exec(text);
  if (spec) {
    return [
      ['name', spec[1]],
      ['punct', spec[2]],
      ['version', spec[3]],
      ['text', spec[4]]
    ];
  }
  const key = keyed(text);
  return key ? key.map(token => [token.kind, token.text]) : [['name', text]];
}

function keyed(text: string): readonly IToken[] | null {
  const key = KEY.exec(text);
  return (
    key && runs(['punct', key[1]], ['key', key[2]], ['punct', key[3]], ['text', key[4]])
  );
}

type Run = readonly [IToken['kind'], string | undefined];

function runs(...parts: readonly Run[]): readonly IToken[] {
  return parts.flatMap(([kind, text]) => (text ? [{ kind, text }] : []));
}
