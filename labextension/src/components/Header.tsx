import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IconName } from '../drawings';
import type { ISubject, KernelState } from '../kernel';
import type { IReading } from '../model';
import { howWords, kernelWord, kindWord } from '../words';
import { Icon } from './Icon';
import { Popover } from './Popover';

const SHAPES: Readonly<Record<KernelState, IconName>> = {
  idle: 'idle',
  busy: 'busy',
  starting: 'working',
  stopped: 'dead',
  unknown: 'unknown'
};

interface IHeaderProps {
  trans: TranslationBundle;
  subject: ISubject;
  /** Null: still to come. */
  reading: IReading | null;
  /** In place of the kernel's own state, where the server is gone. */
  state?: KernelState;
  onCopy: (text: string) => void;
}

export function Header(props: IHeaderProps): React.JSX.Element {
  const { trans, subject, reading } = props;
  const state = props.state ?? subject.state;
  return (
    <div className="jp-EnvSnap-header">
      <div className="jp-EnvSnap-title">
        <h2 title={reading?.environment.name}>
          {reading?.environment.name ?? subject.displayName}
        </h2>
        <span className="jp-EnvSnap-kernel">
          <Icon name={SHAPES[state]} />
          {kernelWord(trans, state)}
        </span>
      </div>
      <div className="jp-EnvSnap-facts">
        {reading ? (
          <Facts {...props} reading={reading} />
        ) : (
          <span className="jp-EnvSnap-keep">{trans.__('reading…')}</span>
        )}
      </div>
      <div className="jp-EnvSnap-facts">
        <span title={subject.path}>{subject.title}</span>
        <span className="jp-EnvSnap-keep">·</span>
        <span className="jp-EnvSnap-spare">{subject.displayName}</span>
      </div>
    </div>
  );
}

function Facts(props: IHeaderProps & { reading: IReading }): React.JSX.Element {
  const { trans, reading } = props;
  const { python, conda, pypi } = reading.environment;
  const facts = [
    python === null ? trans.__('no Python') : trans.__('Python %1', python),
    ...(conda?.length ? [trans.__('%1 conda', conda.length)] : []),
    ...(pypi?.length ? [trans.__('%1 pip', pypi.length)] : [])
  ];
  return (
    <>
      {facts.map((fact, index) => (
        <React.Fragment key={fact}>
          {index > 0 && <span>·</span>}
          <span className="jp-EnvSnap-keep">{fact}</span>
        </React.Fragment>
      ))}
      <Found {...props} />
    </>
  );
}

/** How the environment was found: dotted words, with the whole story behind them. */
function Found({ trans, reading, onCopy }: IHeaderProps & { reading: IReading }) {
  const { kernel } = reading;
  const unsure = kernel.confidence === 'unsure';
  const how = howWords(trans, kernel.how);
  const folder = kernel.prefix?.path;
  const title = unsure ? trans.__('This may be the wrong environment.') : how.long;
  return (
    <Popover
      buttonClass={
        unsure ? 'jp-EnvSnap-found jp-mod-unsure' : 'jp-EnvSnap-found jp-EnvSnap-keep'
      }
      label={trans.__('How it was found: %1', how.long)}
      title={title}
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
      {unsure && (
        <div className="jp-EnvSnap-finding">
          <Icon name="unknown" tone="warn" />
          <p>{trans.__('This may be the wrong environment.')}</p>
        </div>
      )}
      <dl className="jp-EnvSnap-facts2">
        <dt>{trans.__('Found by')}</dt>
        <dd>{how.by}</dd>
        {folder !== undefined && (
          <>
            <dt>{trans.__('Folder')}</dt>
            <dd className="jp-EnvSnap-code">{folder}</dd>
          </>
        )}
        <dt>{trans.__('Made with')}</dt>
        <dd>{kindWord(trans, reading.environment.kind)}</dd>
      </dl>
      {folder !== undefined && (
        <>
          <hr />
          <button
            type="button"
            className="jp-EnvSnap-item"
            onClick={() => {
              onCopy(folder);
            }}
          >
            <Icon name="copy" />
            <span>{trans.__('Copy folder')}</span>
          </button>
        </>
      )}
    </Popover>
  );
}
