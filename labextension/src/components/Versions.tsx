import React from 'react';
import { sharedStart } from '../changes';

interface IVersionsProps {
  before: string | null;
  after: string | null;
}

/** "1.26.4 → **2.0.1**": what changed is bold. */
export function Versions({ before, after }: IVersionsProps): React.JSX.Element | null {
  if (after === null) {
    return <>{before}</>;
  }
  if (before === null || before === after) {
    return <b>{after}</b>;
  }
  const shared = sharedStart(before, after);
  return (
    <>
      {before} → {shared}
      <b>{after.slice(shared.length)}</b>
    </>
  );
}
