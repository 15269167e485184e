import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { signWords } from '../changewords';
import { hitIn, tokens, wantedOf, type IToken, type Shape } from '../lines';
import type { IMark } from '../marks';
import { SIGNS } from './ChangeRow';
import { Icon } from './Icon';

/** Fixed, so that a line's place is its number; the same as `--jp-envsnap-line`. */
export const LINE_PX = 20;

interface ILineProps {
  trans: TranslationBundle;
  number: number;
  text: string;
  shape: Shape;
  words: string;
  current: boolean;
  mark: IMark | undefined;
  /** Why the entry is there; empty where the line is about none. */
  why: string;
}

export const Line = React.memo(function Line(props: ILineProps): React.JSX.Element {
  const { trans, text, shape, mark, why } = props;
  const notes = mark?.notes ?? [];
  return (
    <div
      className={props.current ? 'jp-EnvSnap-line jp-mod-current' : 'jp-EnvSnap-line'}
      title={[text, ...notes, ...(mark?.gone.length ? mark.said.slice(-1) : [])].join(
        '\n'
      )}
    >
      <u>{props.number}</u>
      <s>{mark && <Signs trans={trans} mark={mark} />}</s>
      <code>
        {withHit(text, props.words, shape).map((run, index) => (
          <Run key={index} {...run} />
        ))}
      </code>
      {(notes.length > 0 || why) && (
        <em>
          {notes.map(note => (
            <span key={note}>{note}</span>
          ))}
          {why && <span className="jp-EnvSnap-why">{why}</span>}
        </em>
      )}
      {mark && mark.gone.length > 0 && (
        <>
          <span
            className="jp-EnvSnap-gone"
            role="img"
            aria-label={signWords(trans, 'removed')}
          />
          <span className="jp-EnvSnap-visuallyHidden">{mark.gone.join(', ')}</span>
        </>
      )}
    </div>
  );
});

interface ISignsProps {
  trans: TranslationBundle;
  mark: IMark;
}

/** In the gutter: what became of the line, else that it names what is only here. */
function Signs({ trans, mark }: ISignsProps): React.JSX.Element | null {
  if (mark.sign) {
    const [sign, tone] = SIGNS[mark.sign];
    return (
      <span className={tone} role="img" aria-label={signWords(trans, mark.sign)}>
        {sign}
      </span>
    );
  }
  return mark.warns ? (
    <Icon name="alert" tone="warn" label={trans.__('Warning')} />
  ) : null;
}

interface IRun extends IToken {
  readonly hit: boolean;
}

function Run({ kind, text, hit }: IRun): React.JSX.Element {
  const inner = hit ? <mark>{text}</mark> : text;
  if (kind === 'text' || kind === 'name') {
    return <>{inner}</>;
  }
  return <span className={`jp-EnvSnap-${kind}`}>{inner}</span>;
}

/** The runs of a line, cut where the words that were searched begin and end. */
function withHit(text: string, words: string, shape: Shape): readonly IRun[] {
  const [from, to] = hitIn(text, wantedOf(words), shape) ?? [0, 0];
  const result: IRun[] = [];
  let offset = 0;
  for (const token of tokens(text, shape)) {
    const end = offset + token.text.length;
    const a = Math.min(Math.max(from, offset), end);
    const b = Math.min(Math.max(to, offset), end);
    const parts: [string, boolean][] = [
      [text.slice(offset, a), false],
      [text.slice(a, b), true],
      [text.slice(b, end), false]
    ];
    for (const [part, hit] of parts) {
      if (part) {
        result.push({ kind: token.kind, text: part, hit });
      }
    }
    offset = end;
  }
  return result;
}
