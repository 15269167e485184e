import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { AskObstacle, State } from '../state';
import { CommandIDs, type CommandID } from '../tokens';
import type * as wire from '../wire';
import { askWords } from '../words';
import { actionOf, type IAction, type Run } from './actions';
import { Countdown } from './Countdown';
import { Header } from './Header';
import { Icon } from './Icon';
import { StateView } from './StateView';

const SWITCH_ON = 'jupyter server extension enable jupyter_envsnap';

interface IStatePageProps {
  trans: TranslationBundle;
  state: State;
  askObstacle: AskObstacle | null;
  /** Why another environment cannot be chosen; null: it can. */
  whyNotChoose: string | null;
  onRun: Run;
  onCopy: (text: string) => void;
}

/** What fills the page while there is no text: what is so, what it means, what to do. */
export function StatePage(props: IStatePageProps): React.JSX.Element | null {
  const { trans, state, onRun, onCopy } = props;
  const run = (words: string, id: CommandID, whyNot?: string | null): IAction =>
    actionOf(onRun, words, id, whyNot);
  const showHistory = run(trans.__('Show history'), CommandIDs.showHistory);
  const tryAgain = run(trans.__('Try again'), CommandIDs.refresh);
  const choose = run(
    trans.__('Choose environment…'),
    CommandIDs.chooseEnvironment,
    props.whyNotChoose
  );
  const ask = run(
    trans.__('Ask the kernel'),
    CommandIDs.askKernel,
    props.askObstacle && askWords(trans, props.askObstacle)
  );
  switch (state.kind) {
    case 'ready':
      return null;
    case 'no-kernel':
      return (
        <StateView
          icon="none"
          tone="quiet"
          title={trans.__('No kernel')}
          actions={[run(trans.__('Start a kernel'), CommandIDs.startKernel), showHistory]}
        >
          {trans.__('Open a notebook or console to see the environment it runs in.')}
        </StateView>
      );
    case 'starting':
      return (
        <StateView
          icon="working"
          tone="spin"
          title={trans.__('Kernel is starting')}
          actions={[showHistory]}
          linksOnly
        >
          {trans.__('Its environment is shown as soon as it answers.')}
        </StateView>
      );
    case 'reading':
      return (
        <>
          <Header trans={trans} subject={state.subject} reading={null} />
          <ProgressBar progress={state.progress} />
          {state.slow && (
            <StateView icon="working" tone="spin" title={trans.__('Reading packages')}>
              {state.progress
                ? trans.__(
                    '%1 of %2. The first time takes longest.',
                    state.progress.done,
                    state.progress.total
                  )
                : trans.__('The first time takes longest.')}
            </StateView>
          )}
        </>
      );
    case 'dead':
      return (
        <StateView
          icon="died"
          tone="bad"
          title={trans.__('The kernel died')}
          actions={[
            run(trans.__('Restart kernel'), CommandIDs.restartKernel),
            showHistory
          ]}
        >
          {trans.__('Its environment was not read before.')}
        </StateView>
      );
    case 'unreachable':
      return (
        <StateView
          icon="offline"
          tone="warn"
          title={trans.__('The server does not answer.')}
          actions={[run(trans.__('Try now'), CommandIDs.refresh)]}
        >
          <Countdown trans={trans} until={state.retryAt} />
        </StateView>
      );
    case 'remote':
      return (
        <StateView
          icon="cloud"
          tone="quiet"
          title={trans.__('Kernel runs on another computer')}
          actions={[showHistory]}
          linksOnly
        >
          {trans.__('Its environment lies there, where it cannot be read from here.')}
        </StateView>
      );
    case 'no-environment':
      return (
        <StateView
          icon="unknown"
          tone="quiet"
          title={trans.__('No environment found')}
          actions={[
            choose,
            ...(props.askObstacle === 'foreign' ? [] : [ask]),
            tryAgain,
            showHistory
          ]}
          more={<HowItIsFound trans={trans} />}
        >
          {trans.__(
            'This kernel (%1) does not say which environment it runs in.',
            state.subject.displayName
          )}
        </StateView>
      );
    case 'unreadable':
      return (
        <StateView
          icon="alert"
          tone="bad"
          title={trans.__('Environment could not be read')}
          actions={[
            tryAgain,
            {
              words: trans.__('Copy details'),
              onClick: () => {
                onCopy(state.message);
              }
            },
            choose
          ]}
        >
          {state.message}
        </StateView>
      );
    case 'missing':
      return (
        <StateView
          icon="folder"
          tone="bad"
          title={trans.__('Environment is gone')}
          actions={[showHistory, tryAgain, choose]}
        >
          {state.message}
        </StateView>
      );
    case 'forbidden':
      return (
        <StateView
          icon="lock"
          tone="warn"
          title={trans.__('No permission')}
          actions={[tryAgain]}
        >
          {trans.__(
            'You may not look at this kernel’s environment. Ask the server’s operator for read access.'
          )}
        </StateView>
      );
    case 'off':
      return (
        <StateView
          icon="stop"
          tone="warn"
          title={trans.__('Not switched on for this server')}
          actions={[
            {
              words: trans.__('Copy command'),
              onClick: () => {
                onCopy(SWITCH_ON);
              }
            },
            tryAgain
          ]}
        >
          <SwitchOn trans={trans} />
        </StateView>
      );
  }
}

/** How far it is, where that is known; the sentence below says the same. */
function ProgressBar({ progress }: { progress: wire.Progress | null }) {
  if (!progress) {
    return <div className="jp-EnvSnap-progress jp-mod-on" />;
  }
  const done = (100 * progress.done) / Math.max(1, progress.total);
  return (
    <div className="jp-EnvSnap-progress jp-mod-known">
      <i style={{ inlineSize: `${done}%` }} />
    </div>
  );
}

/** Where is looked, for whom that interests. */
function HowItIsFound({ trans }: { trans: TranslationBundle }): React.JSX.Element {
  const steps = [
    trans.__('What the settings of the kernel name.'),
    trans.__('Where the process that runs was started from.'),
    trans.__('The CONDA_PREFIX of that process.')
  ];
  return (
    <details className="jp-EnvSnap-how">
      <summary>
        <Icon name="right" tone="turn" />
        {trans.__('How it is found')}
      </summary>
      <p>{trans.__('This is looked at, in this order. Nothing is run in the kernel.')}</p>
      <ol>
        {steps.map(step => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        {trans.__(
          'A kernel of Python can be asked itself, while no cell is running. What you choose stands above all.'
        )}
      </p>
    </details>
  );
}

/** One translated sentence, with the command in it set as code. */
function SwitchOn({ trans }: { trans: TranslationBundle }): React.JSX.Element {
  const sentence = trans.__('Run %1 in a terminal, then restart the server.', SWITCH_ON);
  const [before = '', after = ''] = sentence.split(SWITCH_ON);
  return (
    <>
      {before}
      <code className="jp-EnvSnap-code">{SWITCH_ON}</code>
      {after}
    </>
  );
}
