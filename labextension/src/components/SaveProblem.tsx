import { PathExt } from '@jupyterlab/coreutils';
import React from 'react';
import { problemWords } from '../words';
import type { IAction } from './actions';
import { ActionLinks } from './ActionLinks';
import { Icon } from './Icon';
import { Message } from './Message';
import type { ISaveFormProps } from './SaveForm';

/** Why it cannot be saved, or was not, and what to do; what was typed stays. */
export function SaveProblem(props: ISaveFormProps): React.JSX.Element | null {
  const { trans, state, onPreview } = props;
  const again: IAction = { words: trans.__('Show new preview'), onClick: onPreview };
  switch (state.kind) {
    case 'stale': {
      const name = PathExt.basename(state.preview.path);
      return (
        <Box tone="warn" actions={[again]}>
          <b>
            {state.what === 'file'
              ? trans.__('%1 was changed while you looked at it.', name)
              : trans.__('The environment was changed while you looked at it.')}
          </b>{' '}
          {trans.__('Nothing was written. Look at the new preview, then save again.')}
        </Box>
      );
    }
    case 'cannot-update': {
      const actions: readonly IAction[] = [
        {
          words: trans.__('Replace'),
          onClick: () => {
            props.onMode('replace');
          }
        },
        { words: trans.__('Cancel'), onClick: props.onCancel }
      ];
      return (
        <Box tone="warn" actions={actions}>
          <Message text={state.error.message} />
        </Box>
      );
    }
    case 'failed':
      return (
        <Box tone="bad" actions={[again]}>
          <Message text={problemWords(trans, state.error)} />
        </Box>
      );
    case 'previewing':
    case 'ready':
    case 'saving':
    case 'saved':
      return null;
  }
}

interface IBoxProps {
  tone: 'warn' | 'bad';
  actions: readonly IAction[];
  children: React.ReactNode;
}

function Box({ tone, actions, children }: IBoxProps): React.JSX.Element {
  return (
    <div className={`jp-EnvSnap-finding jp-mod-${tone}`} role="alert">
      <Icon name="alert" tone={tone} />
      <p>{children}</p>
      <ActionLinks actions={actions} />
    </div>
  );
}
