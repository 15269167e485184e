import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Tab } from '../page';
import { useRoving } from './roving';

interface ITabsProps {
  trans: TranslationBundle;
  tab: Tab;
  /** How much changed; null where that is not known, or no kernel is there. */
  changes?: number | null;
  onTab: (tab: Tab) => void;
}

export function tabId(tab: Tab): string {
  return `jp-EnvSnap-tab-${tab}`;
}

export const TAB_PANEL_ID = 'jp-EnvSnap-tabPanel';

export function Tabs({ trans, tab, changes, onTab }: ITabsProps): React.JSX.Element {
  const [ref, onKeyDown] = useRoving<HTMLDivElement>('[aria-selected="true"]');
  const all: readonly (readonly [Tab, string])[] = [
    ['environment', trans.__('Environment')],
    ['changes', trans.__('Changes')],
    ['history', trans.__('History')]
  ];
  const tabs = all.filter(([name]) => name !== 'changes' || changes !== undefined);
  return (
    <div
      ref={ref}
      className="jp-EnvSnap-tabs"
      role="tablist"
      tabIndex={-1}
      aria-label={trans.__('Views')}
      onKeyDown={onKeyDown}
    >
      {tabs.map(([name, words]) => (
        <button
          key={name}
          id={tabId(name)}
          type="button"
          role="tab"
          aria-selected={tab === name}
          aria-controls={TAB_PANEL_ID}
          onClick={() => {
            onTab(name);
          }}
        >
          {words}
          {name === 'changes' && changes ? (
            <>
              {' '}
              <span className="jp-EnvSnap-count">{changes}</span>
            </>
          ) : null}
        </button>
      ))}
    </div>
  );
}
