import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useState } from 'react';

interface ICountdownProps {
  trans: TranslationBundle;
  until: Date;
}

/** "Trying again in 8 seconds." It is not read aloud each second. */
export function Countdown({ trans, until }: ICountdownProps): React.JSX.Element {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const id = setInterval(() => {
      setNow(new Date());
    }, 1000);
    return () => {
      clearInterval(id);
    };
  }, []);
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return (
    <span aria-live="off">
      {seconds > 0
        ? trans._n('Trying again in %1 second.', 'Trying again in %1 seconds.', seconds)
        : trans.__('Trying again now.')}
    </span>
  );
}
