import React from 'react';

/** A sentence of the server's, in which `backticks` mark what is written in code. */
export function Message({ text }: { text: string }): React.JSX.Element {
  return (
    <>
      {text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className="jp-EnvSnap-code">
            {part}
          </code>
        ) : (
          part
        )
      )}
    </>
  );
}
