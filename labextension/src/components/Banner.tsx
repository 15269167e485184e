import React from 'react';
import type { IconName } from '../drawings';
import { Icon } from './Icon';

export interface IAction {
  readonly words: string;
  readonly onClick: () => void;
}

interface IBannerProps {
  icon: IconName;
  tone: 'warn' | 'bad' | 'quiet';
  /** What is so. */
  title: string;
  /** What it means. */
  children?: React.ReactNode;
  actions: readonly IAction[];
}

export function Banner({ icon, tone, title, children, actions }: IBannerProps) {
  return (
    <div className={`jp-EnvSnap-banner jp-mod-${tone}`} role="status">
      <Icon name={icon} tone={tone} />
      <div>
        <p>
          <strong>{title}</strong> {children}
        </p>
        <div className="jp-EnvSnap-actions">
          {actions.map(({ words, onClick }) => (
            <button
              key={words}
              type="button"
              className="jp-EnvSnap-link"
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
