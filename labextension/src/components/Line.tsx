import React from 'react';
import { itemOf, tokens, type IToken, type Shape } from '../lines';
import { Icon } from './Icon';

/** Fixed, so that a line's place is its number; the same as `--jp-envsnap-line`. */
export const LINE_PX = 20;

/** A sign in the gutter and a note after the line. */
export interface IMark {
  readonly note: string;
}

interface ILineProps {
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
  const { text, shape, mark, why } = props;
  return (
    <div
      className={props.current ? 'jp-EnvSnap-line jp-mod-current' : 'jp-EnvSnap-line'}
      title={mark ? `${text}\n${mark.note}` : text}
    >
      <u>{props.number}</u>
      <s>{mark && <Icon name="alert" tone="warn" label={mark.note} />}</s>
      <code>
        {withHit(text, props.words, shape).map((run, index) => (
          <Run key={index} {...run} />
        ))}
      </code>
      {mark && (
        <em>
          <span aria-hidden>{mark.note}</span>
          {why && <span className="jp-EnvSnap-why">{why}</span>}
        </em>
      )}
      {!mark && why && <em className="jp-EnvSnap-why">{why}</em>}
    </div>
  );
});

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
  const [from, to] = hitIn(text, words, shape);
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

function hitIn(text: string, words: string, shape: Shape): [number, number] {
  const wanted = words.trim().toLowerCase();
  const item = wanted ? itemOf(text, shape) : null;
  const start = item?.text.toLowerCase().indexOf(wanted) ?? -1;
  if (!item || start < 0) {
    return [0, 0];
  }
  return [item.offset + start, item.offset + start + wanted.length];
}
