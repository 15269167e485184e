import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';
import type * as wire from '../wire';
import { Icon } from './Icon';

/** Unchanged lines that stay in view around a change. */
const AROUND = 2;

interface IDiffViewProps {
  trans: TranslationBundle;
  preview: wire.SavePreview;
}

/** The lines that will be written: changed ones with a few around them, or the whole file. */
export function DiffView({ trans, preview }: IDiffViewProps): React.JSX.Element {
  const [whole, setWhole] = useState(!preview.exists);
  const { added, removed, diff } = preview;
  const rows = whole ? diff : folded(diff);
  return (
    <div className={`jp-EnvSnap-diff ${added + removed === 0 ? 'jp-mod-same' : ''}`}>
      <div className="jp-EnvSnap-diffHead">
        <b>{trans.__('What will be written')}</b>
        <span className="jp-EnvSnap-quiet">
          {added + removed === 0 ? (
            trans.__('The file already has this text.')
          ) : (
            <>
              <Count
                tone="ok"
                sign="+"
                words={trans._n('%1 line', '%1 lines', added)}
                label={trans._n('%1 line added', '%1 lines added', added)}
                of={added}
              />
              <Count
                tone="bad"
                sign="−"
                words={trans._n('%1 line', '%1 lines', removed)}
                label={trans._n('%1 line removed', '%1 lines removed', removed)}
                of={removed}
              />
            </>
          )}
        </span>
        {preview.exists && added + removed > 0 && (
          <button
            type="button"
            className="jp-EnvSnap-link"
            onClick={() => {
              setWhole(!whole);
            }}
          >
            {whole ? trans.__('Only changes') : trans.__('Whole file')}
          </button>
        )}
      </div>
      {/* A text that scrolls takes the focus, so that arrows and paging reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={trans.__('What will be written')}>
        {rows.map((row, index) =>
          typeof row === 'number' ? (
            <div key={index} className="jp-mod-skip">
              <u />
              <span>{trans._n('%1 unchanged line', '%1 unchanged lines', row)}</span>
            </div>
          ) : (
            <DiffRow key={index} trans={trans} line={row} />
          )
        )}
      </pre>
    </div>
  );
}

interface ICountProps {
  tone: 'ok' | 'bad';
  sign: string;
  words: string;
  /** The same, for somebody who does not see the sign. */
  label: string;
  of: number;
}

function Count({ tone, sign, words, label, of }: ICountProps) {
  if (of === 0) {
    return null;
  }
  return (
    <span className="jp-EnvSnap-diffCount">
      <span className={`jp-EnvSnap-sign jp-EnvSnap-${tone}`} aria-hidden>
        {sign}
      </span>
      <span aria-label={label} role="img">
        {words}
      </span>
    </span>
  );
}

interface IOwnEditsProps {
  trans: TranslationBundle;
  lines: readonly wire.DiffLine[];
}

/** The user's own lines, which go along in the commit although the save does not write them. */
export function OwnEdits({ trans, lines }: IOwnEditsProps): React.JSX.Element | null {
  const count = lines.filter(line => line.sign !== ' ').length;
  if (count === 0) {
    return null;
  }
  const label = trans._n(
    '%1 line of your own edits goes along',
    '%1 lines of your own edits go along',
    count
  );
  return (
    <details className="jp-EnvSnap-ownEdits">
      <summary className="jp-EnvSnap-rowFocus">
        <Icon name="right" tone="turn" />
        {label}
      </summary>
      <div className="jp-EnvSnap-diff">
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} role="region" aria-label={label}>
          {lines.map((line, index) => (
            <DiffRow key={index} trans={trans} line={line} />
          ))}
        </pre>
      </div>
    </details>
  );
}

function DiffRow({ trans, line }: { trans: TranslationBundle; line: wire.DiffLine }) {
  switch (line.sign) {
    case ' ':
      return (
        <div>
          <u>{line.old}</u>
          <u>{line.new}</u>
          <s />
          <span>{line.text}</span>
        </div>
      );
    case '+':
      return (
        <div className="jp-mod-added">
          <u />
          <u>{line.new}</u>
          <s role="img" aria-label={trans.__('Added')}>
            +
          </s>
          <span>{line.text}</span>
        </div>
      );
    case '-':
      return (
        <div className="jp-mod-removed">
          <u>{line.old}</u>
          <u />
          <s role="img" aria-label={trans.__('Removed')}>
            −
          </s>
          <span>{line.text}</span>
        </div>
      );
  }
}

/** The lines near a change; a number stands for so many left out. */
export function folded(
  diff: readonly wire.DiffLine[]
): readonly (wire.DiffLine | number)[] {
  const near = new Set<number>();
  diff.forEach((line, index) => {
    if (line.sign !== ' ') {
      for (let other = index - AROUND; other <= index + AROUND; other += 1) {
        near.add(other);
      }
    }
  });
  const rows: (wire.DiffLine | number)[] = [];
  diff.forEach((line, index) => {
    const last = rows[rows.length - 1];
    if (near.has(index)) {
      rows.push(line);
    } else if (typeof last === 'number') {
      rows[rows.length - 1] = last + 1;
    } else {
      rows.push(1);
    }
  });
  return rows;
}
