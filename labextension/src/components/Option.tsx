import React, { useId } from 'react';

interface IOptionProps {
  name: string;
  label: string;
  hint: string;
  checked: boolean;
  disabled: boolean;
  onChoose: () => void;
}

/** One of several, with a few words on it. */
export function Option(props: IOptionProps): React.JSX.Element {
  const id = useId();
  return (
    <label className="jp-EnvSnap-option">
      <input
        type="radio"
        name={props.name}
        aria-label={props.label}
        aria-describedby={id}
        checked={props.checked}
        disabled={props.disabled}
        onChange={props.onChoose}
      />
      <span>
        {props.label}{' '}
        <span id={id} className="jp-EnvSnap-quiet">
          {props.hint}
        </span>
      </span>
    </label>
  );
}
