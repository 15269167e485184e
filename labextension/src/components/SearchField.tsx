import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { Icon } from './Icon';

interface ISearchFieldProps {
  trans: TranslationBundle;
  words: string;
  /** Which hit is shown, from 1. */
  position: number;
  count: number;
  onWords: (words: string) => void;
  onStep: (step: 1 | -1) => void;
}

export function SearchField(props: ISearchFieldProps): React.JSX.Element {
  const { trans, words, position, count } = props;
  const searching = words.trim() !== '';
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      props.onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && words) {
      event.preventDefault();
      event.stopPropagation();
      props.onWords('');
    }
  };
  return (
    <label className="jp-EnvSnap-search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={trans.__('Find a package')}
        placeholder={trans.__('Find a package')}
        value={words}
        onChange={event => {
          props.onWords(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {searching && (
        <i role="status">
          {count ? trans.__('%1 of %2', position, count) : trans.__('None')}
        </i>
      )}
    </label>
  );
}
