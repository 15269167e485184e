import React, { useEffect, useRef, useState } from 'react';

/** So many rows are drawn, or left out, together. */
const CHUNK = 40;
/** Until it was drawn, a row is taken to be so high. */
const ROW_PX = 28;
/** How near to what is in view a chunk is drawn. */
const MARGIN = '400px 0px';

interface IChunksProps<T> {
  items: readonly T[];
  nameOf: (item: T) => string;
  /** A row of the table. */
  row: (item: T) => React.ReactNode;
}

/** The rows of a long table that scrolls with what is around it: only those near the view. */
export function Chunks<T>({ items, nameOf, row }: IChunksProps<T>): React.JSX.Element {
  const starts = Array.from(
    { length: Math.ceil(items.length / CHUNK) },
    (_, index) => index * CHUNK
  );
  return (
    <>
      {starts.map(start => {
        const chunk = items.slice(start, start + CHUNK);
        return (
          <Chunk
            key={chunk.map(nameOf).join(' ')}
            first={start === 0}
            count={chunk.length}
          >
            {() => chunk.map(row)}
          </Chunk>
        );
      })}
    </>
  );
}

interface IChunkProps {
  first: boolean;
  count: number;
  children: () => React.ReactNode;
}

function Chunk({ first, count, children }: IChunkProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ near: first, height: count * ROW_PX });
  useEffect(() => {
    const node = box.current;
    if (!node) {
      return;
    }
    const observer = new IntersectionObserver(
      entries => {
        const last = entries[entries.length - 1];
        if (last) {
          // What leaves keeps its height, so that nothing moves.
          setSeen({ near: last.isIntersecting, height: last.boundingClientRect.height });
        }
      },
      { root: node.closest('.jp-EnvSnap-list'), rootMargin: MARGIN }
    );
    observer.observe(node);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div ref={box} role="rowgroup" style={seen.near ? {} : { height: seen.height }}>
      {seen.near && children()}
    </div>
  );
}
