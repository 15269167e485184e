import React from 'react';
import type { IconName } from '../drawings';
import { ActionLinks } from './ActionLinks';
import type { IAction } from './actions';
import { Icon } from './Icon';

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
        <ActionLinks actions={actions} />
      </div>
    </div>
  );
}
