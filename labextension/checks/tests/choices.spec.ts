import { apply, choicesFrom } from '../../src/choices';
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

it('tells the server nothing where its own settings hold', async () => {
  const client = new FakeClient();
  await apply(client, choicesFrom({}));
  await apply(client, choicesFrom({ onShutdown: 'history', onChange: 'history' }));
  expect(client.chosen).toEqual([]);
});

it('tells the server what was chosen, and leaves the rest', async () => {
  const client = new FakeClient();
  await apply(client, choicesFrom({ onShutdown: 'file' }));
  expect(client.chosen).toEqual([{ ...SETTINGS, on_shutdown: 'file' }]);
});
