import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';
import { pushOf, shownAddress } from '../local';
import type * as wire from '../wire';
import { ActionLinks } from './ActionLinks';
import type { IAction } from './actions';
import { FindingSign } from './FindingWords';
import { Icon } from './Icon';
import { Message } from './Message';
import { Option } from './Option';

type NamedBy = wire.LocalPackage['named'];

interface ILocalChoiceProps {
  trans: TranslationBundle;
  local: wire.LocalPackage;
  /** What a reader of the file must know of it; null where others can install it. */
  finding: wire.Finding | null;
  mode: wire.SavePreview['mode'];
  /** Why nothing can be chosen any more. */
  whyNot: string | null;
  onNameBy: (by: NamedBy) => void;
  onCopy: (text: string) => void;
  onLookAgain: () => void;
}

/** A package that runs from a folder of this machine, and how the file is to name it. */
export function LocalChoice(props: ILocalChoiceProps): React.JSX.Element {
  const { trans, local, finding, mode, whyNot } = props;
  const id = useId();
  const push = pushOf(local);
  const actions: readonly IAction[] =
    push === null
      ? []
      : [
          {
            words: trans.__('Copy push command'),
            onClick: () => {
              props.onCopy(push);
            }
          },
          { words: trans.__('Check again'), onClick: props.onLookAgain, whyNot }
        ];
  return (
    <div
      className="jp-EnvSnap-finding"
      role={local.options.length > 1 ? 'radiogroup' : 'group'}
      aria-labelledby={id}
    >
      {finding ? (
        <FindingSign trans={trans} finding={finding} />
      ) : (
        <Icon name="info" tone="quiet" label={trans.__('Good to know')} />
      )}
      <p id={id}>
        <Message text={finding?.message ?? clonedWords(trans, local)} />
      </p>
      {local.options.length > 1 && (
        <div className="jp-EnvSnap-ways">
          {local.options.map(by => (
            <Option
              key={by}
              name={id}
              {...optionWords(trans, local, by, mode)}
              checked={by === local.named}
              disabled={whyNot !== null}
              onChoose={() => {
                props.onNameBy(by);
              }}
            />
          ))}
        </div>
      )}
      <ActionLinks actions={actions} />
    </div>
  );
}

function clonedWords(trans: TranslationBundle, { name }: wire.LocalPackage): string {
  return trans.__(
    '`%1` runs from a folder on this machine. Others install it from git.',
    name
  );
}

function optionWords(
  trans: TranslationBundle,
  local: wire.LocalPackage,
  by: NamedBy,
  mode: wire.SavePreview['mode']
): { label: string; hint: string } {
  switch (by) {
    case 'git':
      return {
        label: trans.__('Write its git address'),
        hint: local.git ? addressWords(trans, local.git) : ''
      };
    case 'folder':
      return { label: trans.__('Write the folder as it is'), hint: local.folder };
    case 'comment':
      return mode === 'update'
        ? {
            label: trans.__('Leave it out'),
            hint: trans.__('Others have to install it by hand.')
          }
        : {
            label: trans.__('Leave it as a comment'),
            hint: trans.__('Others have to install it by hand.')
          };
  }
}

function addressWords(trans: TranslationBundle, git: wire.GitAddress): string {
  const { address, commit } = shownAddress(git);
  return git.clean
    ? trans.__('%1 at %2', address, commit)
    : trans.__('%1 at %2, without what you have not committed', address, commit);
}
