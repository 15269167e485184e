import React from 'react';
import { DRAWINGS, type IconName } from '../drawings';

interface IIconProps {
  name: IconName;
  tone?: 'ok' | 'warn' | 'bad' | 'quiet' | 'turn' | 'spin';
  /** What it says to somebody who cannot see it; without one it is decoration. */
  label?: string;
}

export function Icon({ name, tone, label }: IIconProps): React.JSX.Element {
  const classes = tone ? `jp-EnvSnap-icon jp-EnvSnap-${tone}` : 'jp-EnvSnap-icon';
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true };
  return (
    <svg
      className={classes}
      viewBox="0 0 16 16"
      {...said}
      dangerouslySetInnerHTML={{ __html: DRAWINGS[name] }}
    />
  );
}
