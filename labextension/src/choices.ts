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

/** Tell the server, where its user has chosen something else before. */
export async function apply(client: IClient, choices: IChoices): Promise<void> {
  const { chosen = {} } = await client.settings();
  // What is chosen elsewhere, such as how long a snapshot is kept, stays.
  const { on_shutdown: shutdown, on_change: change, ...others } = chosen;
  const wanted = {
    ...others,
    ...(choices.onShutdown !== 'server' && { on_shutdown: choices.onShutdown }),
    ...(choices.onChange !== 'server' && { on_change: choices.onChange })
  };
  if (wanted.on_shutdown !== shutdown || wanted.on_change !== change) {
    await client.changeSettings(wanted);
  }
}
