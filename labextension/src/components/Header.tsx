import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IconName } from '../drawings';
import type { ISubject, KernelState } from '../kernel';
import type { IReading } from '../state';
import { kernelWord } from '../words';
import { Icon } from './Icon';

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
  /** How it was found. */
  found?: React.ReactNode;
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
      {props.found}
    </>
  );
}
