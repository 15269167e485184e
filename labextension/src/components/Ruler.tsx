import React from 'react';
import { changedLines, type IMark, type Marks } from '../marks';

/** No two ticks are nearer than this part of the ruler. */
const STEPS = 300;

interface IRulerProps {
  marks: Marks;
  /** Of lines in the text. */
  count: number;
  onLine: (line: number) => void;
}

/** Where in the whole text something changed. A click goes there, as Alt with the arrows does. */
export function Ruler({ marks, count, onLine }: IRulerProps): React.JSX.Element {
  const changed = changedLines(marks);
  const onClick = (event: React.MouseEvent<HTMLDivElement>): void => {
    const { top, height } = event.currentTarget.getBoundingClientRect();
    const line = ((event.clientY - top) / height) * count - 0.5;
    const [nearest] = changed
      .slice()
      .sort((a, b) => Math.abs(a - line) - Math.abs(b - line));
    if (nearest !== undefined) {
      onLine(nearest);
    }
  };
  return (
    // Only for the mouse: the keys do the same.
    <div className="jp-EnvSnap-ruler" aria-hidden onClick={onClick}>
      {ticks(marks, changed, count).map(({ key, at, tone }) => (
        <i key={key} className={tone} style={{ insetBlockStart: `${at}%` }} />
      ))}
    </div>
  );
}

interface ITick {
  readonly key: string;
  readonly at: number;
  readonly tone: string;
}

function ticks(marks: Marks, lines: readonly number[], count: number): readonly ITick[] {
  const found = new Map<string, ITick>();
  for (const line of lines) {
    const step = Math.round(((line + 0.5) / count) * STEPS);
    for (const tone of tonesOf(marks.get(line))) {
      const key = `${step} ${tone}`;
      found.set(key, { key, at: (step / STEPS) * 100, tone });
    }
  }
  return [...found.values()];
}

function tonesOf(mark: IMark | undefined): readonly string[] {
  const tones = { added: 'jp-EnvSnap-ok', changed: 'jp-EnvSnap-warn' };
  return [
    ...(mark?.sign ? [tones[mark.sign]] : []),
    ...(mark?.gone.length ? ['jp-EnvSnap-bad'] : [])
  ];
}
