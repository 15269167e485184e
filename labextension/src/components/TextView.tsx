import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { search } from '../yaml';
import { LINE_PX, Line, type IMark } from './Line';
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
  filename: string;
  /** How much the text says, in words. */
  profile: string | null;
  marks: ReadonlyMap<number, IMark>;
  reveal: IReveal | null;
  /** When and of what it is, for the foot. */
  dated: string;
}

/** The environment file: read-only, numbered, coloured, searchable; only what is in view is drawn. */
export function TextView(props: ITextViewProps): React.JSX.Element {
  const { trans, lines, filename, reveal } = props;
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const [followed, setFollowed] = useState<IReveal | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const height = useHeight(box);

  const hits = useMemo(() => search(lines, words), [lines, words]);
  const hit = hits[Math.min(at, hits.length - 1)] ?? null;
  const current = words.trim() ? hit : shown;

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

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowDown: LINE_PX, ArrowUp: -LINE_PX }[event.key];
    if (step !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.currentTarget.scrollTop += step;
    }
  };

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
            setAt(
              hits.length
                ? (Math.min(at, hits.length - 1) + step + hits.length) % hits.length
                : 0
            );
          }}
        />
        {props.profile !== null && (
          <span className="jp-EnvSnap-profile">
            <span className="jp-EnvSnap-wide">{`${filename} ·`}</span>
            {props.profile}
          </span>
        )}
      </div>
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
              number={first + index + 1}
              text={text}
              words={words}
              current={first + index === current}
              mark={props.marks.get(first + index)}
            />
          ))}
        </div>
      </div>
      <div className="jp-EnvSnap-foot">
        <span>{trans._n('%1 line', '%1 lines', lines.length)}</span>
        <span>{props.dated}</span>
      </div>
    </>
  );
}

function bringIntoView(box: HTMLElement | null, line: number): void {
  if (!box) {
    return;
  }
  const from = PADDING_PX + line * LINE_PX;
  const inView =
    from >= box.scrollTop && from + LINE_PX <= box.scrollTop + box.clientHeight;
  if (!inView) {
    box.scrollTop = Math.max(0, from - box.clientHeight / 2);
  }
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
