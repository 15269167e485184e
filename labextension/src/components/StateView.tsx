import React from 'react';
import type { IconName } from '../drawings';
import { ActionButton } from './ActionButton';
import type { IAction } from './actions';
import { Icon } from './Icon';

interface IStateViewProps {
  icon: IconName;
  tone: 'quiet' | 'warn' | 'bad' | 'spin';
  title: string;
  children: React.ReactNode;
  /** The first is a button, the others are links. */
  actions?: readonly IAction[];
  /** Below the actions. */
  more?: React.ReactNode;
  /** All are links: nothing is expected of anybody. */
  linksOnly?: boolean;
}

/** What fills the page where nothing was ever read. */
export function StateView(props: IStateViewProps): React.JSX.Element {
  const { icon, tone, title, children, actions = [], more, linksOnly } = props;
  return (
    <div className="jp-EnvSnap-state" role="status">
      <Icon name={icon} tone={tone} />
      <div>
        <h3>{title}</h3>
        <p>{children}</p>
        <div className="jp-EnvSnap-actions">
          {actions.map((action, index) => (
            <ActionButton
              key={action.words}
              className={
                index === 0 && !linksOnly ? 'jp-EnvSnap-button' : 'jp-EnvSnap-link'
              }
              {...action}
            />
          ))}
        </div>
        {more}
      </div>
    </div>
  );
}
