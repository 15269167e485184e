import React from 'react';
import type { IReading } from '../state';
import { clock } from '../time';
import { CommandIDs } from '../tokens';
import { askProblemWords } from '../words';
import { actionOf } from './actions';
import { Banner } from './Banner';
import { Countdown } from './Countdown';
import type { IPanelProps, WholeState } from './PanelView';
import { StateLine } from './StateLine';

export function whyNotChoose({ trans, mayWrite }: IPanelProps): string | null {
  return mayWrite
    ? null
    : trans.__(
        'You may look here but not choose. Ask the server’s operator for write access.'
      );
}

/** What came of asking the kernel; nothing where it answered. */
export function AskNotice(props: IPanelProps): React.JSX.Element | null {
  const { trans, asking, onRun } = props;
  switch (asking.kind) {
    case 'none':
      return null;
    case 'asking':
      return <div className="jp-EnvSnap-progress jp-mod-on" />;
    case 'failed': {
      const { title, sentence } = askProblemWords(trans, asking.error);
      return (
        <Banner
          icon="info"
          tone="quiet"
          title={title}
          actions={[
            actionOf(
              onRun,
              trans.__('Choose environment…'),
              CommandIDs.chooseEnvironment,
              whyNotChoose(props)
            ),
            { words: trans.__('Close'), onClick: props.onRead }
          ]}
        >
          {sentence}
        </Banner>
      );
    }
  }
}

interface INoticeProps extends IPanelProps {
  state: WholeState;
  reading: IReading;
  /** Null: it can be saved. */
  whyNotSave: string | null;
}

/** Between header and toolbar: how it stands to its file, or what is wrong. */
export function Notice(props: INoticeProps): React.JSX.Element | null {
  const { trans, state, reading, onRun } = props;
  switch (state.kind) {
    case 'ready':
      return (
        <StateLine
          trans={trans}
          standing={state.standing}
          changing={
            reading.kernel.changing
              ? { by: reading.kernel.changing, at: reading.readAt }
              : null
          }
          whyNotSave={props.whyNotSave}
          onSave={() => {
            onRun(CommandIDs.save);
          }}
          onReview={() => {
            onRun(CommandIDs.showChanges);
          }}
          onOpen={() => {
            onRun(CommandIDs.openFile);
          }}
        />
      );
    case 'dead':
      return (
        <Banner
          icon="died"
          tone="bad"
          title={
            state.at
              ? trans.__('The kernel died at %1.', clock(state.at))
              : trans.__('The kernel died.')
          }
          actions={[
            actionOf(onRun, trans.__('Restart kernel'), CommandIDs.restartKernel)
          ]}
        >
          {trans.__('This is its environment as of %1.', clock(reading.readAt))}
        </Banner>
      );
    case 'unreachable':
      return (
        <Banner
          icon="offline"
          tone="warn"
          title={trans.__('The server does not answer.')}
          actions={[actionOf(onRun, trans.__('Try now'), CommandIDs.refresh)]}
        >
          {trans.__('This is from %1.', clock(reading.readAt))}{' '}
          <Countdown trans={trans} until={state.retryAt} />
        </Banner>
      );
  }
}
