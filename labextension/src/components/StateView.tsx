import React from 'react';
import type { IconName } from '../drawings';
import type { IAction } from './Banner';
import { Icon } from './Icon';

interface IStateViewProps {
  icon: IconName;
  tone: 'quiet' | 'warn' | 'bad' | 'spin';
  title: string;
  children: React.ReactNode;
  /** The first is a button, the others are links. */
  actions?: readonly IAction[];
  /** All are links: nothing is expected of anybody. */
  linksOnly?: boolean;
}

/** What fills the page where nothing was ever read. */
export function StateView(props: IStateViewProps): React.JSX.Element {
  const { icon, tone, title, children, actions = [], linksOnly } = props;
  return (
    <div className="jp-EnvSnap-state" role="status">
      <Icon name={icon} tone={tone} />
      <div>
        <h3>{title}</h3>
        <p>{children}</p>
        <div className="jp-EnvSnap-actions">
          {actions.map(({ words, onClick }, index) => (
            <button
              key={words}
              type="button"
              className={
                index === 0 && !linksOnly ? 'jp-EnvSnap-button' : 'jp-EnvSnap-link'
              }
              onClick={onClick}
            >
              {words}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
