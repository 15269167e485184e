import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { IDistance, Standing } from '../state';
import { clock } from '../time';
import { Icon } from './Icon';

interface IStateLineProps {
  trans: TranslationBundle;
  standing: Standing;
  /** The installer at work, and as of when the text is. */
  changing: { by: string; at: Date } | null;
  /** Null: it can be saved. */
  whyNotSave: string | null;
  onSave: () => void;
  onReview: () => void;
  /** Open the file where it has an error. */
  onOpen: () => void;
}

/** How the environment stands to its file: a shape, a sentence, what to do. */
export function StateLine(props: IStateLineProps): React.JSX.Element | null {
  const { trans, standing, changing, onSave, onReview, onOpen } = props;
  if (changing) {
    return (
      <div className="jp-EnvSnap-drift jp-mod-still" role="status">
        <Icon name="working" tone="spin" />
        <strong>
          {trans.__('%1 is at work. As of %2.', changing.by, clock(changing.at))}
        </strong>
      </div>
    );
  }
  switch (standing.kind) {
    case 'unknown':
      return null;
    case 'open':
      // Holds the place, so that nothing moves when the answer comes.
      return <div className="jp-EnvSnap-drift jp-mod-still" />;
    case 'same':
      return (
        <Line
          icon={<Icon name="ok" tone="ok" />}
          words={trans.__('Matches %1', PathExt.basename(standing.path))}
          action={trans.__('Review')}
          onClick={onReview}
        />
      );
    case 'unsaved':
      return (
        <Line
          icon={<Icon name="unsaved" tone="quiet" />}
          words={trans.__('Not saved yet')}
          action={trans.__('Save…')}
          whyNot={props.whyNotSave}
          onClick={onSave}
        />
      );
    case 'unclear':
      return (
        <Line
          icon={<Icon name="alert" tone="warn" />}
          words={unclear(trans, standing)}
          title={standing.message}
          action={standing.line === null ? trans.__('Review') : trans.__('Open')}
          onClick={standing.line === null ? onReview : onOpen}
        />
      );
    case 'since-snapshot':
      return (
        <Line
          changed
          icon={<Icon name="changed" tone="warn" />}
          words={sinceSnapshot(trans, standing)}
          action={trans.__('Review')}
          onClick={onReview}
        />
      );
    case 'differs':
      return (
        <Line
          changed
          icon={<Icon name="changed" tone="warn" />}
          words={sinceFile(trans, standing, PathExt.basename(standing.path))}
          action={trans.__('Review')}
          onClick={onReview}
        />
      );
  }
}

function unclear(
  trans: TranslationBundle,
  { path, line }: Extract<Standing, { kind: 'unclear' }>
): string {
  const name = PathExt.basename(path);
  if (line !== null) {
    return trans.__('%1: error in line %2', name, line);
  }
  return name
    ? trans.__('%1 cannot be compared', name)
    : trans.__('The environment file cannot be compared');
}

/** What a person asked for counts; the rest only where nothing else changed. */
function sinceFile(
  trans: TranslationBundle,
  { requested, indirect }: IDistance,
  name: string
): string {
  return requested > 0
    ? trans._n('%1 change since %2', '%1 changes since %2', requested, name)
    : trans._n(
        '%1 indirect change since %2',
        '%1 indirect changes since %2',
        indirect,
        name
      );
}

function sinceSnapshot(
  trans: TranslationBundle,
  { requested, indirect }: IDistance
): string {
  return requested > 0
    ? trans._n(
        '%1 change since the last snapshot',
        '%1 changes since the last snapshot',
        requested
      )
    : trans._n(
        '%1 indirect change since the last snapshot',
        '%1 indirect changes since the last snapshot',
        indirect
      );
}

interface ILineProps {
  icon: React.ReactNode;
  words: string;
  action: string;
  /** More than the words, where somebody points at it. */
  title?: string;
  changed?: boolean;
  /** Why it leads nowhere now. */
  whyNot?: string | null;
  onClick: () => void;
}

function Line({ icon, words, action, title, changed, whyNot, onClick }: ILineProps) {
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
        aria-disabled={Boolean(whyNot)}
        title={whyNot ?? title}
        onClick={() => {
          if (!whyNot) {
            onClick();
          }
        }}
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
