import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { search, type Shape } from '../lines';
import { changedFrom, changedLines, type Marks } from '../marks';
import type * as wire from '../wire';
import { whyWords } from '../writingwords';
import { LINE_PX, Line } from './Line';
import { Ruler } from './Ruler';
import { SearchField } from './SearchField';

/** Lines drawn above and below those in view. */
const MARGIN = 12;
/** Until the height is known. */
const ASSUMED_PX = 800;
const PADDING_PX = 4;

/** A request to bring a line into view; a new object is a new request. */
export interface IReveal {
  readonly line: number;
}

interface ITextViewProps {
  trans: TranslationBundle;
  lines: readonly string[];
  shape: Shape;
  filename: string;
  /** The choice of how it is written. */
  menu: React.ReactNode;
  marks: Marks;
  /** The package that each line (from 0) is about. */
  entries: ReadonlyMap<number, wire.Entry>;
  reveal: IReveal | null;
  /** What is around the environment, above the foot. */
  about: React.ReactNode;
  /** When and of what it is, for the foot. */
  dated: string;
}

/**
 * The environment file: read-only, numbered, coloured, searchable, with the reason of each entry;
 * only what is in view is drawn.
 */
export function TextView(props: ITextViewProps): React.JSX.Element {
  const { trans, lines, shape, filename, entries, marks, reveal } = props;
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const [followed, setFollowed] = useState<IReveal | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const height = useHeight(box);

  const hits = useMemo(() => search(lines, words, shape), [lines, words, shape]);
  const hit = hits[Math.min(at, hits.length - 1)] ?? null;
  const current = shown ?? (words.trim() ? hit : null);

  useLayoutEffect(() => {
    if (hit !== null) {
      bringIntoView(box.current, hit);
    }
  }, [hit, words]);

  if (reveal !== followed) {
    setFollowed(reveal);
    if (reveal) {
      setWords('');
      setShown(reveal.line);
    }
  }

  useLayoutEffect(() => {
    if (reveal) {
      bringIntoView(box.current, reveal.line);
      box.current?.focus({ preventScroll: true });
    }
  }, [reveal]);

  const first = Math.max(0, Math.floor(top / LINE_PX) - MARGIN);
  const last = Math.min(lines.length, Math.ceil((top + height) / LINE_PX) + MARGIN);

  const show = (line: number, how: 'middle' | 'edge'): void => {
    setShown(line);
    setPointed(null);
    bringIntoView(box.current, line, how);
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const line = changedFrom(changedLines(marks), current ?? -1, step);
      if (line !== null) {
        show(line, 'middle');
      }
      return;
    }
    const start = Math.ceil(top / LINE_PX);
    const page = Math.max(1, Math.floor(height / LINE_PX) - 1);
    const next = {
      ArrowDown: current === null ? start : current + 1,
      ArrowUp: current === null ? start : current - 1,
      PageDown: (current ?? start) + page,
      PageUp: (current ?? start) - page,
      Home: 0,
      End: lines.length - 1
    }[event.key];
    if (next !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show(Math.min(Math.max(next, 0), lines.length - 1), 'edge');
    }
  };

  const told = toldOf(trans, props, pointed ?? current ?? -1);

  return (
    <>
      <div className="jp-EnvSnap-docbar">
        <SearchField
          trans={trans}
          words={words}
          position={hits.length ? Math.min(at, hits.length - 1) + 1 : 0}
          count={hits.length}
          onWords={next => {
            setWords(next);
            setAt(0);
            setShown(null);
          }}
          onStep={step => {
            setShown(null);
            setAt(
              hits.length
                ? (Math.min(at, hits.length - 1) + step + hits.length) % hits.length
                : 0
            );
          }}
        />
        {props.menu}
      </div>
      <div className="jp-EnvSnap-textFrame">
        {/* A text that scrolls takes the focus, so that arrows and paging reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={box}
          className="jp-EnvSnap-text jp-EnvSnap-rowFocus"
          role="region"
          aria-label={trans._n('%2, %1 line', '%2, %1 lines', lines.length, filename)}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          onKeyDown={onKeyDown}
          onMouseMove={event => {
            setPointed(lineAt(event.currentTarget, event.clientY));
          }}
          onMouseLeave={() => {
            setPointed(null);
          }}
          onScroll={event => {
            setTop(event.currentTarget.scrollTop);
          }}
        >
          <div
            className="jp-EnvSnap-lines"
            style={{ height: lines.length * LINE_PX, paddingBlockStart: first * LINE_PX }}
          >
            {lines.slice(first, last).map((text, index) => (
              <Line
                key={first + index}
                trans={trans}
                number={first + index + 1}
                text={text}
                shape={shape}
                words={words}
                current={first + index === current}
                mark={marks.get(first + index)}
                why={reasonOf(trans, entries.get(first + index))}
              />
            ))}
          </div>
        </div>
        <Ruler
          marks={marks}
          count={lines.length}
          onLine={line => {
            show(line, 'middle');
          }}
        />
      </div>
      {props.about}
      <div className="jp-EnvSnap-foot">
        <span role="status">
          {told.map(sentence => (
            <span key={sentence}>{sentence}</span>
          ))}
        </span>
        {told.length === 0 && (
          <span>{trans._n('%1 line', '%1 lines', lines.length)}</span>
        )}
        <span>{props.dated}</span>
      </div>
    </>
  );
}

/** Of one line: what became of it, else why it is there. */
function toldOf(
  trans: TranslationBundle,
  { marks, entries }: ITextViewProps,
  line: number
): readonly string[] {
  const said = marks.get(line)?.said ?? [];
  const entry = entries.get(line);
  return said.length > 0 || !entry
    ? said
    : [trans.__('%1: %2', entry.name, whyWords(trans, entry))];
}

function reasonOf(trans: TranslationBundle, entry: wire.Entry | undefined): string {
  return entry ? whyWords(trans, entry) : '';
}

/** The line (from 0) at this height of the window. */
function lineAt(box: HTMLElement, y: number): number {
  const { top } = box.getBoundingClientRect();
  return Math.floor((y - top + box.scrollTop - PADDING_PX) / LINE_PX);
}

/** Scroll, if need be: the line to the middle, or only as far as it takes to see it. */
function bringIntoView(
  box: HTMLElement | null,
  line: number,
  how: 'middle' | 'edge' = 'middle'
): void {
  if (!box) {
    return;
  }
  const from = PADDING_PX + line * LINE_PX;
  const above = from < box.scrollTop;
  const below = from + LINE_PX > box.scrollTop + box.clientHeight;
  if (!above && !below) {
    return;
  }
  const edge = above ? from - PADDING_PX : from + LINE_PX + PADDING_PX - box.clientHeight;
  box.scrollTop = Math.max(0, how === 'edge' ? edge : from - box.clientHeight / 2);
}

function useHeight(box: React.RefObject<HTMLElement>): number {
  const [height, setHeight] = useState(ASSUMED_PX);
  useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => {
      setHeight(node.clientHeight);
    });
    observer.observe(node);
    return () => {
      observer.disconnect();
    };
  }, [box]);
  return height;
}
