import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IconName } from '../drawings';
import { CommandIDs, type CommandID } from '../tokens';
import { Icon } from './Icon';
import { useRoving } from './roving';

export interface IToolbarProps {
  trans: TranslationBundle;
  /** Why nothing can be kept now; null: it can. */
  whyNotSnapshot: string | null;
  whyNotSave: string | null;
  /** A snapshot is being taken. */
  busy: boolean;
  onRun: (id: CommandID) => void;
  onMore: (anchor: HTMLElement) => void;
}

export function Toolbar(props: IToolbarProps): React.JSX.Element {
  const { trans, onRun, whyNotSnapshot, whyNotSave } = props;
  const [ref, onKeyDown] = useRoving<HTMLDivElement>('.jp-mod-accept');
  const small: readonly [CommandID, IconName, string][] = [
    [CommandIDs.refresh, 'refresh', trans.__('Refresh')],
    [CommandIDs.copyYaml, 'copy', trans.__('Copy')],
    [CommandIDs.download, 'download', trans.__('Download')]
  ];
  return (
    <div
      ref={ref}
      className="jp-EnvSnap-toolbar"
      role="toolbar"
      tabIndex={-1}
      aria-label={trans.__('Environment')}
      onKeyDown={onKeyDown}
    >
      <button
        type="button"
        className="jp-EnvSnap-button jp-mod-accept"
        aria-disabled={whyNotSnapshot !== null || props.busy}
        title={whyNotSnapshot ?? trans.__('Keep what this kernel runs in')}
        onClick={() => {
          if (whyNotSnapshot === null && !props.busy) {
            onRun(CommandIDs.snapshot);
          }
        }}
      >
        <Icon name="snapshot" />
        {trans.__('Snapshot')}
      </button>
      <button
        type="button"
        className="jp-EnvSnap-button"
        aria-disabled={whyNotSave !== null}
        aria-label={trans.__('Save to repository…')}
        title={whyNotSave ?? trans.__('Write the environment file, and commit it')}
        onClick={() => {
          if (whyNotSave === null) {
            onRun(CommandIDs.save);
          }
        }}
      >
        <Icon name="branch" />
        <span className="jp-EnvSnap-long">{trans.__('Save to repository…')}</span>
        <span className="jp-EnvSnap-short">{trans.__('Save…')}</span>
      </button>
      <span className="jp-EnvSnap-push" />
      <span className="jp-EnvSnap-wide">
        {small.map(([id, icon, words]) => (
          <button
            key={id}
            type="button"
            className="jp-EnvSnap-iconButton"
            aria-label={words}
            title={words}
            onClick={() => {
              onRun(id);
            }}
          >
            <Icon name={icon} />
          </button>
        ))}
      </span>
      <button
        type="button"
        className="jp-EnvSnap-iconButton"
        aria-label={trans.__('More')}
        aria-haspopup="menu"
        title={trans.__('More')}
        onClick={event => {
          props.onMore(event.currentTarget);
        }}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}
