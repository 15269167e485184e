import type { IClient } from './client';
import type * as wire from './wire';

/** What a user of this page has chosen; `server`: nothing, so that the server's own holds. */
export interface IChoices {
  readonly notifyChanges: boolean;
  readonly onShutdown: wire.Settings['on_shutdown'] | 'server';
  readonly onChange: wire.Settings['on_change'] | 'server';
}

const SHUTDOWN = ['off', 'history', 'file'] as const;
const CHANGE = ['off', 'history'] as const;

/** From the settings registry, where a user may have written anything. */
export function choicesFrom(composite: Readonly<Record<string, unknown>>): IChoices {
  return {
    notifyChanges: composite['notifyChanges'] !== false,
    onShutdown: SHUTDOWN.find(each => each === composite['onShutdown']) ?? 'server',
    onChange: CHANGE.find(each => each === composite['onChange']) ?? 'server'
  };
}

/** Tell the server, where it does something else than was chosen. */
export async function apply(client: IClient, choices: IChoices): Promise<void> {
  const { onShutdown, onChange } = choices;
  if (onShutdown === 'server' && onChange === 'server') {
    return;
  }
  const before = await client.settings();
  const wanted: wire.Settings = {
    ...before,
    on_shutdown: onShutdown === 'server' ? before.on_shutdown : onShutdown,
    on_change: onChange === 'server' ? before.on_change : onChange
  };
  if (
    wanted.on_shutdown !== before.on_shutdown ||
    wanted.on_change !== before.on_change
  ) {
    await client.changeSettings(wanted);
  }
}
