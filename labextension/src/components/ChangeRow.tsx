import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IChange, IStep, Sign, StepSize } from '../changes';
import { noteWords, signWords, stepWords } from '../changewords';
import type { IconName } from '../drawings';
import { Icon } from './Icon';
import { Versions } from './Versions';

export const SIGNS: Readonly<Record<Sign, readonly [string, string]>> = {
  added: ['+', 'jp-EnvSnap-ok'],
  removed: ['−', 'jp-EnvSnap-bad'],
  changed: ['~', 'jp-EnvSnap-warn']
};

const STEPS: Readonly<Record<StepSize, readonly [up: IconName, down: IconName]>> = {
  major: ['major', 'majorDown'],
  minor: ['minor', 'minorDown'],
  patch: ['patch', 'patchDown']
};

interface IChangeRowProps {
  trans: TranslationBundle;
  change: IChange;
  /** The kernel had loaded it before. */
  late: boolean;
  onRestart: () => void;
}

/** A package that changed: what, from which version to which, how far, by what it is installed. */
export const ChangeRow = React.memo(function ChangeRow(props: IChangeRowProps) {
  const { trans, change, late } = props;
  const note = noteWords(trans, change);
  const { step } = change;
  return (
    <RowFrame
      trans={trans}
      sign={change.sign}
      name={change.name}
      versions={<Versions before={change.before} after={change.after} />}
      step={
        <span
          className={
            step?.size === 'major' ? 'jp-EnvSnap-step jp-mod-major' : 'jp-EnvSnap-step'
          }
        >
          {step && <Icon name={STEPS[step.size][step.up ? 0 : 1]} />}
          {stepWords(trans, change)}
          {step && <Direction trans={trans} step={step} />}
        </span>
      }
      badge={<span className={`jp-EnvSnap-badge jp-mod-${change.by}`}>{change.by}</span>}
      note={
        (note !== '' || late) && (
          <>
            {note !== '' && <span>{note}</span>}
            {late && (
              <>
                <span>{trans.__('The kernel may still use the old one.')}</span>
                <button
                  type="button"
                  className="jp-EnvSnap-link"
                  onClick={props.onRestart}
                >
                  {trans.__('Restart kernel…')}
                </button>
              </>
            )}
          </>
        )
      }
    />
  );
});

function Direction({ trans, step }: { trans: TranslationBundle; step: IStep }) {
  return (
    <span className="jp-EnvSnap-visuallyHidden">
      {' '}
      {step.up ? trans.__('up') : trans.__('down')}
    </span>
  );
}

interface IRowFrameProps {
  trans: TranslationBundle;
  sign: Sign;
  name: string;
  versions: React.ReactNode;
  step?: React.ReactNode;
  badge?: React.ReactNode;
  note?: React.ReactNode;
}

/** The cells of a row, which is a grid: a table's own elements would lose their roles. */
export function RowFrame(props: IRowFrameProps): React.JSX.Element {
  const [sign, tone] = SIGNS[props.sign];
  const note = props.note ? ' jp-mod-noted' : '';
  return (
    <div role="row" className={`jp-EnvSnap-change${note}`}>
      <div role="cell" className="jp-EnvSnap-signCell">
        <span
          className={`jp-EnvSnap-sign ${tone}`}
          role="img"
          aria-label={signWords(props.trans, props.sign)}
        >
          {sign}
        </span>
      </div>
      <div role="rowheader" className="jp-EnvSnap-changeName" title={props.name}>
        {props.name}
      </div>
      <div role="cell" className="jp-EnvSnap-versions">
        {props.versions}
      </div>
      <div role="cell" className="jp-EnvSnap-stepCell">
        {props.step}
      </div>
      <div role="cell" className="jp-EnvSnap-badgeCell">
        {props.badge}
      </div>
      {props.note && (
        <div role="cell" className="jp-EnvSnap-why">
          {props.note}
        </div>
      )}
    </div>
  );
}
