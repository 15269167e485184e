import { apply, choicesFrom } from '../../src/choices';
import type * as wire from '../../src/wire';
import { FakeClient } from './fakes';
import { SETTINGS } from './samples';

it('takes what a user may have written, and nothing else', () => {
  expect(choicesFrom({})).toEqual({
    notifyChanges: true,
    onShutdown: 'server',
    onChange: 'server'
  });
  expect(
    choicesFrom({ notifyChanges: false, onShutdown: 'file', onChange: 'always' })
  ).toEqual({ notifyChanges: false, onShutdown: 'file', onChange: 'server' });
});

const chosenBefore = (chosen: wire.SettingsChoice) => {
  const client = new FakeClient();
  client.onSettings = () => Promise.resolve({ ...SETTINGS, chosen });
  return client;
};

it('tells the server nothing that it knows', async () => {
  const client = chosenBefore({});
  await apply(client, choicesFrom({}));
  expect(client.chosen).toEqual([]);
  const again = chosenBefore({ on_shutdown: 'file' });
  await apply(again, choicesFrom({ onShutdown: 'file' }));
  expect(again.chosen).toEqual([]);
});

it('tells the server what was chosen, and leaves the rest', async () => {
  const client = chosenBefore({ keep_days: 90, on_change: 'off' });
  await apply(client, choicesFrom({ onShutdown: 'file', onChange: 'off' }));
  expect(client.chosen).toEqual([
    { keep_days: 90, on_shutdown: 'file', on_change: 'off' }
  ]);
});

it('takes a choice back', async () => {
  const client = chosenBefore({ on_shutdown: 'off', on_change: 'off' });
  await apply(client, choicesFrom({ onChange: 'off' }));
  expect(client.chosen).toEqual([{ on_change: 'off' }]);
});
