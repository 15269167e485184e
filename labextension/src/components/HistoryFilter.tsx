import React from 'react';
import { REASON_ICONS } from '../reasons';
import type * as wire from '../wire';
import { reasonWords } from '../words';
import type { IHistoryViewProps } from './HistoryView';
import { Icon } from './Icon';

const REASONS = Object.keys(REASON_ICONS) as wire.Reason[];

/** Which snapshots are listed: those with a package, of a notebook, kept for a reason. */
export function HistoryFilter(props: IHistoryViewProps): React.JSX.Element {
  const { trans, filter, onFilter } = props;
  const find = trans.__('Find a package');
  return (
    <div className="jp-EnvSnap-docbar jp-mod-many">
      <label className="jp-EnvSnap-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={find}
          placeholder={find}
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
      {props.hasKernel && (
        <select
          className="jp-EnvSnap-select"
          aria-label={trans.__('Whose snapshots')}
          value={filter.everywhere ? 'all' : 'one'}
          onChange={event => {
            onFilter({ ...filter, everywhere: event.target.value === 'all' });
          }}
        >
          <option value="one">{trans.__('This notebook')}</option>
          <option value="all">{trans.__('All notebooks')}</option>
        </select>
      )}
      <select
        className="jp-EnvSnap-select"
        aria-label={trans.__('Why they were kept')}
        value={filter.reason ?? ''}
        onChange={event => {
          const reason = REASONS.find(each => each === event.target.value) ?? null;
          onFilter({ ...filter, reason });
        }}
      >
        <option value="">{trans.__('All reasons')}</option>
        {REASONS.map(reason => (
          <option key={reason} value={reason}>
            {reasonWords(trans, reason)}
          </option>
        ))}
      </select>
    </div>
  );
}
