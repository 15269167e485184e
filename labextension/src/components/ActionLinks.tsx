import React from 'react';
import { ActionButton } from './ActionButton';
import type { IAction } from './actions';

/** What can be done, as links below what it is about; nothing where there is nothing to do. */
export function ActionLinks({ actions }: { actions: readonly IAction[] }) {
  return actions.length === 0 ? null : (
    <div className="jp-EnvSnap-actions">
      {actions.map(action => (
        <ActionButton key={action.words} className="jp-EnvSnap-link" {...action} />
      ))}
    </div>
  );
}
