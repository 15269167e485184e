import React, { useEffect, useRef, useState } from 'react';

interface IPopoverProps {
  /** What the button says to a screen reader. */
  label: string;
  title: string;
  buttonClass: string;
  button: React.ReactNode;
  /** What is unfolded; `fold` folds it again and gives the focus back. */
  children: (fold: () => void) => React.ReactNode;
}

/** A button and what it unfolds; Escape, a click elsewhere or leaving by Tab fold it again. */
export function Popover(props: IPopoverProps): React.JSX.Element {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) {
      return;
    }
    const elsewhere = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', elsewhere, true);
    document.addEventListener('focusin', elsewhere, true);
    return () => {
      document.removeEventListener('pointerdown', elsewhere, true);
      document.removeEventListener('focusin', elsewhere, true);
    };
  }, [open]);

  const fold = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (open && event.key === 'Escape') {
      event.stopPropagation();
      fold();
    }
  };

  return (
    // The keys bubble up from the buttons inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <span ref={box} className="jp-EnvSnap-popover" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className={props.buttonClass}
        aria-label={props.label}
        aria-expanded={open}
        title={props.title}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {props.button}
      </button>
      {open && (
        <Menu label={props.label} fold={fold}>
          {props.children}
        </Menu>
      )}
    </span>
  );
}

interface IMenuProps extends Pick<IPopoverProps, 'label' | 'children'> {
  fold: () => void;
}

function Menu({ label, children, fold }: IMenuProps): React.JSX.Element {
  return (
    <div className="jp-EnvSnap-menu" role="group" aria-label={label}>
      {children(fold)}
    </div>
  );
}
