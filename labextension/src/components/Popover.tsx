import React, { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** It scrolls rather than reach beyond what is around it. */
const MARGIN_PX = 8;
const LEAST_PX = 160;

interface IPopoverProps {
  /** What the button says to a screen reader. */
  label: string;
  title: string;
  buttonClass: string;
  button: React.ReactNode;
  /** Why it cannot be unfolded now. */
  whyNot?: string | null;
  /** Unfolded below the button itself, not below the header. */
  below?: boolean;
  /** What is unfolded; `fold` folds it again and gives the focus back. */
  children: (fold: () => void) => React.ReactNode;
}

/** A button and what it unfolds; Escape, a click elsewhere or leaving by Tab fold it again. */
export function Popover(props: IPopoverProps): React.JSX.Element {
  const { whyNot } = props;
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
    return () => {
      document.removeEventListener('pointerdown', elsewhere, true);
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
    <span
      ref={box}
      className={props.below ? 'jp-EnvSnap-popover jp-mod-below' : 'jp-EnvSnap-popover'}
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget }) => {
        // Null where the window itself lost the focus: what is unfolded is there on return. What
        // is around it, such as a dialog's form, hands the focus on.
        const [to, here] = [relatedTarget, box.current];
        if (to && here && !here.contains(to) && !to.contains(here)) {
          setOpen(false);
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className={props.buttonClass}
        aria-label={props.label}
        aria-expanded={open}
        aria-disabled={Boolean(whyNot)}
        title={whyNot ?? props.title}
        onClick={() => {
          if (!whyNot) {
            setOpen(!open);
            // Not every browser does that by a click, and it is by the focus that it is left.
            button.current?.focus();
          }
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
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (menu.current) {
      fit(menu.current);
    }
  }, []);
  return (
    <div ref={menu} className="jp-EnvSnap-menu" role="group" aria-label={label}>
      {children(fold)}
    </div>
  );
}

/** It scrolls rather than reach beyond what is around it; above the button where more fits. */
function fit(menu: HTMLElement): void {
  const around = menu.closest('.jp-EnvSnap-formBody, .jp-EnvSnap');
  const bar = menu.parentElement;
  if (!around || !bar) {
    return;
  }
  const { top, bottom } = around.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = bottom - box.top - MARGIN_PX;
  const above = bar.getBoundingClientRect().top - top - MARGIN_PX;
  const turns =
    bar.classList.contains('jp-mod-below') && box.height > below && above > below;
  menu.classList.toggle('jp-mod-above', turns);
  menu.style.maxHeight = `${Math.max(LEAST_PX, turns ? above : below)}px`;
}
