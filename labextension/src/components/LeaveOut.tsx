import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';
import type * as wire from '../wire';
import { isPackageName, toggled, type IOmission } from '../writing';
import { groupWords } from '../writingwords';
import { Icon } from './Icon';

interface ILeaveOutProps {
  trans: TranslationBundle;
  groups: readonly wire.GroupEntry[];
  omission: IOmission;
  /** Why nothing can be left out; null: it can. */
  whyNot: string | null;
  onOmission: (omission: IOmission) => void;
}

/** Which groups of packages, and which packages, are left out. */
export function LeaveOut(props: ILeaveOutProps): React.JSX.Element {
  const { trans, groups, omission, whyNot, onOmission } = props;
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="jp-EnvSnap-leaveOut">
      <h3 id={id}>{trans.__('Leave out')}</h3>
      {whyNot !== null ? (
        <p>{whyNot}</p>
      ) : (
        <>
          {groups.map(group => (
            <Group
              key={group.name}
              {...groupWords(trans, group)}
              checked={omission.without.includes(group.name)}
              onToggle={() => {
                const without = toggled(omission.without, group.name);
                onOmission({ ...omission, without });
              }}
            />
          ))}
          <Names {...props} />
        </>
      )}
    </div>
  );
}

interface IGroupProps {
  label: string;
  hint: string;
  checked: boolean;
  onToggle: () => void;
}

function Group({ label, hint, checked, onToggle }: IGroupProps): React.JSX.Element {
  const id = useId();
  return (
    <label className="jp-EnvSnap-item jp-EnvSnap-rowFocus">
      <input
        type="checkbox"
        aria-label={label}
        aria-describedby={id}
        checked={checked}
        onChange={onToggle}
      />
      {checked ? <Icon name="check" /> : <i />}
      <span>
        {label}
        <small id={id}>{hint}</small>
      </span>
    </label>
  );
}

/** Packages by name: Enter adds one, Backspace in the empty field takes the last one back. */
function Names({ trans, omission, onOmission }: ILeaveOutProps): React.JSX.Element {
  const [name, setName] = useState('');
  const { exclude } = omission;
  const box = useRef<HTMLDivElement>(null);
  const wrong = name.trim() !== '' && !isPackageName(name.trim());

  useEffect(() => {
    const node = box.current;
    // The list grew or shrank under the field.
    if (node?.contains(document.activeElement)) {
      node.closest('.jp-EnvSnap-menu')?.scrollBy({ top: node.offsetHeight });
    }
  }, [exclude.length]);

  const change = (names: readonly string[]): void => {
    onOmission({ ...omission, exclude: names });
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const wanted = name.trim();
    const last = exclude[exclude.length - 1];
    if (event.key === 'Enter' && wanted !== '') {
      event.preventDefault();
      event.stopPropagation();
      if (!wrong) {
        setName('');
        change([...exclude.filter(other => other !== wanted), wanted]);
      }
    } else if (event.key === 'Backspace' && name === '' && last !== undefined) {
      change(toggled(exclude, last));
    } else if (event.key === 'Escape' && name !== '') {
      event.stopPropagation();
      setName('');
    }
  };

  return (
    <div ref={box} className="jp-EnvSnap-names">
      {exclude.map(each => (
        <button
          key={each}
          type="button"
          className="jp-EnvSnap-chip"
          aria-label={trans.__('Leave out %1 no more', each)}
          title={trans.__('Leave out %1 no more', each)}
          onClick={event => {
            const field = event.currentTarget.parentElement?.querySelector('input');
            change(toggled(exclude, each));
            field?.focus();
          }}
        >
          {each}
          <Icon name="close" />
        </button>
      ))}
      <input
        type="text"
        className="jp-EnvSnap-input"
        aria-label={trans.__('Leave out a package')}
        aria-invalid={wrong}
        placeholder={trans.__('Name of a package, then Enter')}
        spellCheck={false}
        autoComplete="off"
        value={name}
        onChange={event => {
          setName(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <small role="status">
        {wrong ? trans.__('This is no name of a package.') : ''}
      </small>
    </div>
  );
}
