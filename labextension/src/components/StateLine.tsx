import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Standing } from '../state';
import { Icon } from './Icon';

interface IStateLineProps {
  trans: TranslationBundle;
  standing: Standing;
  onSave: () => void;
}

/** How the environment stands to its file: a shape, a sentence, what to do. */
export function StateLine({ trans, standing, onSave }: IStateLineProps) {
  switch (standing.kind) {
    case 'unknown':
      return null;
    case 'open':
      // Holds the place, so that nothing moves when the answer comes.
      return <div className="jp-EnvSnap-drift jp-mod-still" />;
    case 'same':
      return (
        <div className="jp-EnvSnap-drift jp-mod-still" role="status">
          <Icon name="ok" tone="ok" />
          <strong>{trans.__('Matches %1', PathExt.basename(standing.path))}</strong>
        </div>
      );
    case 'unsaved':
      return (
        <Line
          icon={<Icon name="unsaved" tone="quiet" />}
          words={trans.__('Not saved yet')}
          action={trans.__('Save…')}
          onClick={onSave}
        />
      );
    case 'unclear':
      return (
        <Line
          icon={<Icon name="alert" tone="warn" />}
          words={trans.__('%1 cannot be compared', PathExt.basename(standing.path))}
          action={trans.__('Review')}
          onClick={onSave}
        />
      );
    case 'differs':
      return (
        <Line
          changed
          icon={<Icon name="changed" tone="warn" />}
          words={trans.__('Differs from %1', PathExt.basename(standing.path))}
          action={trans.__('Review')}
          onClick={onSave}
        />
      );
  }
}

interface ILineProps {
  icon: React.ReactNode;
  words: string;
  action: string;
  changed?: boolean;
  onClick: () => void;
}

function Line({ icon, words, action, changed, onClick }: ILineProps) {
  return (
    // Around the button: inside, the sentence would be no part of the button's name.
    <div role="status">
      <button
        type="button"
        className={
          changed
            ? 'jp-EnvSnap-drift jp-EnvSnap-rowFocus jp-mod-changed'
            : 'jp-EnvSnap-drift jp-EnvSnap-rowFocus'
        }
        onClick={onClick}
      >
        {icon}
        <strong>{words}</strong>
        <span className="jp-EnvSnap-link">
          <span className="jp-EnvSnap-long">{action}</span>
          <Icon name="right" />
        </span>
      </button>
    </div>
  );
}
