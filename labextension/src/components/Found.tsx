import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { AskObstacle, IReading } from '../state';
import { CommandIDs } from '../tokens';
import type * as wire from '../wire';
import { askWords, confidenceWords, howWords, kindWord } from '../words';
import { ActionButton } from './ActionButton';
import type { Run } from './actions';
import { FindingWords } from './FindingWords';
import { Icon } from './Icon';
import { Popover } from './Popover';

export interface IFoundProps {
  trans: TranslationBundle;
  reading: IReading;
  /** Whether something can be done about it: the kernel is there, and so is the server. */
  lives: boolean;
  /** Why another environment cannot be chosen; null: it can. */
  whyNotChoose: string | null;
  askObstacle: AskObstacle | null;
  onRun: Run;
  onCopy: (text: string) => void;
}

/** How the environment was found: dotted words, with the whole story behind them. */
export function Found(props: IFoundProps): React.JSX.Element {
  const { trans, reading } = props;
  const { kernel } = reading;
  const unsure = kernel.confidence === 'unsure';
  const how = howWords(trans, kernel.how);
  return (
    <Popover
      buttonClass={
        unsure ? 'jp-EnvSnap-found jp-mod-unsure' : 'jp-EnvSnap-found jp-EnvSnap-keep'
      }
      label={trans.__('How it was found: %1', how.long)}
      title={unsure ? trans.__('This may be the wrong environment.') : how.long}
      button={
        <>
          {unsure && <Icon name="unknown" tone="warn" />}
          <span className="jp-EnvSnap-wide">{how.long}</span>
          <span className="jp-EnvSnap-narrow jp-EnvSnap-long">{how.short}</span>
          {!unsure && (
            <span className="jp-EnvSnap-short">
              <Icon name="info" />
            </span>
          )}
        </>
      }
    >
      {fold => (
        <>
          {unsure && (
            <div className="jp-EnvSnap-finding">
              <Icon name="unknown" tone="warn" />
              <p>{trans.__('This may be the wrong environment.')}</p>
            </div>
          )}
          {kernel.findings?.map(finding => (
            <div key={finding.message} className="jp-EnvSnap-finding">
              <Icon name="alert" tone="warn" />
              <FindingWords finding={finding} />
            </div>
          ))}
          <FoundFacts trans={trans} reading={reading} />
          <Alternatives trans={trans} alternatives={kernel.alternatives ?? []} />
          <Actions {...props} fold={fold} />
        </>
      )}
    </Popover>
  );
}

type Fact = readonly [term: string, words: string, isCode?: 'code'];

function FoundFacts({ trans, reading }: { trans: TranslationBundle; reading: IReading }) {
  const { prefix, how, confidence } = reading.kernel;
  const facts: readonly Fact[] = [
    [trans.__('Found by'), howWords(trans, how).by],
    ...(how === 'chosen'
      ? []
      : [[trans.__('How sure'), confidenceWords(trans, confidence)] as const]),
    ...(prefix ? [[trans.__('Folder'), prefix.path, 'code'] as const] : []),
    [trans.__('Made with'), kindWord(trans, reading.environment.kind)],
    ...(prefix?.base ? [[trans.__('Made from'), prefix.base, 'code'] as const] : [])
  ];
  return (
    <dl className="jp-EnvSnap-facts2">
      {facts.map(([term, words, isCode]) => (
        <React.Fragment key={term}>
          <dt>{term}</dt>
          <dd className={isCode && 'jp-EnvSnap-code'}>{words}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

interface IAlternativesProps {
  trans: TranslationBundle;
  alternatives: readonly wire.Candidate[];
}

/** What other sources say, each folder once, by who is most trusted. */
function Alternatives({ trans, alternatives }: IAlternativesProps) {
  const folders = alternatives.map(({ prefix }) => prefix.path);
  const once = alternatives.filter(
    ({ prefix }, index) => folders.indexOf(prefix.path) === index
  );
  if (once.length === 0) {
    return null;
  }
  return (
    <>
      <hr />
      <h3>{trans.__('Others say')}</h3>
      <dl className="jp-EnvSnap-facts2 jp-mod-rows">
        {once.map(({ prefix, how }) => (
          <div key={prefix.path}>
            <dt>{howWords(trans, how).by}</dt>
            <dd className="jp-EnvSnap-code">{prefix.path}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Each folds the popover first: the focus is to return to its button. */
function Actions(props: IFoundProps & { fold: () => void }): React.JSX.Element {
  const { trans, lives, reading, askObstacle, whyNotChoose, onRun, fold } = props;
  const { prefix, how } = reading.kernel;
  const ask = askWords(trans, askObstacle);
  return (
    <>
      <hr />
      {lives && (
        <>
          <ActionButton
            className="jp-EnvSnap-item"
            words={trans.__('Choose environment…')}
            whyNot={whyNotChoose}
            onClick={() => {
              fold();
              onRun(CommandIDs.chooseEnvironment);
            }}
          >
            <Icon name="list" />
            <span>{trans.__('Choose environment…')}</span>
          </ActionButton>
          {how === 'chosen' && (
            <ActionButton
              className="jp-EnvSnap-item"
              words={trans.__('Use the one found automatically')}
              whyNot={whyNotChoose}
              onClick={() => {
                fold();
                onRun(CommandIDs.chooseEnvironment, { path: null });
              }}
            >
              <Icon name="undo" />
              <span>{trans.__('Use the one found automatically')}</span>
            </ActionButton>
          )}
          {askObstacle !== 'foreign' && (
            <ActionButton
              className="jp-EnvSnap-item"
              words={trans.__('Ask the kernel')}
              whyNot={askObstacle && ask}
              onClick={() => {
                fold();
                onRun(CommandIDs.askKernel);
              }}
            >
              <Icon name="unknown" />
              <span>
                {trans.__('Ask the kernel')}
                <small>{ask}</small>
              </span>
            </ActionButton>
          )}
        </>
      )}
      {prefix && (
        <button
          type="button"
          className="jp-EnvSnap-item"
          onClick={() => {
            props.onCopy(prefix.path);
          }}
        >
          <Icon name="copy" />
          <span>{trans.__('Copy folder')}</span>
        </button>
      )}
    </>
  );
}
