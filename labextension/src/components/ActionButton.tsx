import React from 'react';
import type { IAction } from './actions';

interface IActionButtonProps extends IAction {
  className: string;
  children?: React.ReactNode;
}

/** One that cannot be used now says why and keeps the focus: it may have it when that begins. */
export function ActionButton(props: IActionButtonProps): React.JSX.Element {
  const { words, whyNot, onClick, className, children } = props;
  const off = Boolean(whyNot);
  return (
    <button
      type="button"
      className={className}
      aria-disabled={off}
      title={whyNot ?? undefined}
      onClick={() => {
        if (!off) {
          onClick();
        }
      }}
    >
      {children ?? words}
    </button>
  );
}
