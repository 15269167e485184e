import React, { useMemo } from 'react';
import type { IPast } from '../history';
import { shapeOf } from '../lines';
import { NO_MARKS } from '../marks';
import { whenWords } from '../time';
import type * as wire from '../wire';
import { Banner } from './Banner';
import type { IPanelProps } from './PanelView';
import { TextView } from './TextView';
import { Menu } from './Menu';

export function PastBanner({
  trans,
  past,
  now,
  onBackToNow
}: IPanelProps & { past: IPast }) {
  return (
    <Banner
      icon="undo"
      tone="quiet"
      title={trans.__('Snapshot of %1', whenWords(new Date(past.snapshot.taken_at), now))}
      actions={[{ words: trans.__('Back to now'), onClick: onBackToNow }]}
    />
  );
}

const NO_ENTRIES: ReadonlyMap<number, wire.Entry> = new Map();

/** A snapshot's text. */
export function PastView(props: IPanelProps & { past: IPast }): React.JSX.Element {
  const { trans, past, now, writing } = props;
  const lines = useMemo(() => past.text.replace(/\n$/, '').split('\n'), [past.text]);
  const format = writing?.format;
  return (
    <TextView
      trans={trans}
      lines={lines}
      shape={shapeOf(format?.name ?? 'environment-yaml')}
      filename={format?.filename ?? 'environment.yml'}
      menu={<Menu {...props} kept />}
      marks={NO_MARKS}
      entries={NO_ENTRIES}
      reveal={null}
      about={null}
      dated={trans.__('Kept at %1', whenWords(new Date(past.snapshot.taken_at), now))}
    />
  );
}
