import React, { useEffect, useId, useRef } from 'react';
import { groupWords, scopeWords } from '../historywords';
import { REASON_GROUPS, type ReasonGroup } from '../reasons';
import type { IHistoryViewProps } from './HistoryView';
import { Icon } from './Icon';
import { Popover } from './Popover';

const GROUPS = Object.keys(REASON_GROUPS) as ReasonGroup[];

/** Which snapshots are listed: those with a package, of whom, kept for which reasons. */
export function HistoryFilter(props: IHistoryViewProps): React.JSX.Element {
  const { trans, filter, onFilter, scopes } = props;
  const find = trans.__('Find a package');
  const some = filter.hidden.length > 0;
  return (
    <div className="jp-EnvSnap-docbar jp-EnvSnap-historyBar">
      <label className="jp-EnvSnap-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={find}
          placeholder={find}
          title={trans.__('A name, or a name and a version: numpy 1.26')}
          value={filter.package}
          onChange={event => {
            onFilter({ ...filter, package: event.target.value });
          }}
          onKeyDown={event => {
            if (event.key === 'Escape' && filter.package !== '') {
              event.preventDefault();
              event.stopPropagation();
              onFilter({ ...filter, package: '' });
            }
          }}
        />
      </label>
      {scopes.length > 1 && <ScopeMenu {...props} />}
      <Popover
        below
        buttonClass={
          some ? 'jp-EnvSnap-iconButton jp-mod-filtering' : 'jp-EnvSnap-iconButton'
        }
        label={trans.__('Show only some reasons')}
        title={
          some
            ? trans.__('Show only some reasons: some are hidden now')
            : trans.__('Show only some reasons')
        }
        button={<Icon name="filter" />}
      >
        {() => <Reasons {...props} />}
      </Popover>
    </div>
  );
}

function ScopeMenu(props: IHistoryViewProps): React.JSX.Element {
  const { trans, filter, scopes, onFilter } = props;
  const id = useId();
  const shown = scopes.includes(filter.scope) ? filter.scope : 'all';
  return (
    <Popover
      below
      buttonClass="jp-EnvSnap-writing"
      label={trans.__('Whose snapshots: %1', scopeWords(trans, shown))}
      title={trans.__('Whose snapshots')}
      button={
        <>
          <span className="jp-EnvSnap-writingName">{scopeWords(trans, shown)}</span>
          <Icon name="down" />
        </>
      }
    >
      {fold => (
        <div role="radiogroup" aria-label={trans.__('Whose snapshots')}>
          {scopes.map(scope => (
            <label key={scope} className="jp-EnvSnap-item">
              <input
                type="radio"
                name={id}
                checked={scope === shown}
                onChange={() => {
                  onFilter({ ...filter, scope });
                }}
                onClick={event => {
                  // The arrow keys click, too, but nowhere.
                  if (event.detail > 0) {
                    fold();
                  }
                }}
                onKeyDown={event => {
                  if (event.key === 'Enter') {
                    event.preventDefault();
                    fold();
                  }
                }}
              />
              {scope === shown ? <Icon name="check" /> : <i />}
              <span>{scopeWords(trans, scope)}</span>
            </label>
          ))}
        </div>
      )}
    </Popover>
  );
}

/** A menu of what can be ticked; the arrow keys lead from one to the next. */
function Reasons(props: IHistoryViewProps): React.JSX.Element {
  const { trans, filter, onFilter } = props;
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    itemsIn(menu.current)[0]?.focus();
  }, []);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const items = itemsIn(menu.current);
    const at = items.findIndex(item => item === document.activeElement);
    const next = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[next]?.focus();
    }
  };
  return (
    // eslint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      ref={menu}
      role="menu"
      aria-label={trans.__('Which reasons are shown')}
      onKeyDown={onKeyDown}
    >
      {GROUPS.map(group => {
        const hidden = filter.hidden.includes(group);
        const others = filter.hidden.filter(each => each !== group);
        return (
          <Item
            key={group}
            checked={!hidden}
            {...groupWords(trans, group)}
            onClick={() => {
              onFilter({ ...filter, hidden: hidden ? others : [...others, group] });
            }}
          />
        );
      })}
      <Item
        checked={filter.repeats}
        label={trans.__('Nothing changed')}
        hint={filter.repeats ? trans.__('each time') : trans.__('hidden when it repeats')}
        onClick={() => {
          onFilter({ ...filter, repeats: !filter.repeats });
        }}
      />
    </div>
  );
}

interface IItemProps {
  checked: boolean;
  label: string;
  hint: string;
  onClick: () => void;
}

function Item({ checked, label, hint, onClick }: IItemProps): React.JSX.Element {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={checked}
      tabIndex={-1}
      className="jp-EnvSnap-item"
      onClick={onClick}
    >
      {checked ? <Icon name="check" /> : <i />}
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </button>
  );
}

function itemsIn(menu: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []);
}
