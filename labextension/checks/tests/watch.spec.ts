import { Notification } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Comparing } from '../../src/comparing';
import { Glance } from '../../src/glance';
import { Hearing } from '../../src/hearing';
import { History } from '../../src/history';
import { Model } from '../../src/model';
import { Page } from '../../src/page';
import { watch } from '../../src/plugins/watch';
import type { IEnvSnapPage } from '../../src/tokens';
import { FakeClient, FakeFollower, FakeTimer } from './fakes';
import { SUBJECT } from './samples';

const HALF_A_MINUTE = 30_000;

function activate(registry: Pick<ISettingRegistry, 'load'> | null): FakeClient {
  const client = new FakeClient();
  const follower = new FakeFollower(SUBJECT);
  const model = new Model(client, follower, new FakeTimer());
  const page = new Page(
    model,
    new History(client, follower, new FakeTimer()),
    new Comparing(client, model)
  );
  const envsnap: IEnvSnapPage = {
    client,
    page,
    glance: new Glance(client, model),
    hearing: new Hearing(new Signal({}) as never),
    inStatusBar: true
  };
  const app = {
    commands: new CommandRegistry(),
    restored: Promise.resolve(),
    serviceManager: { connectionFailure: new Signal({}) }
  };
  void watch.activate(app as never, envsnap, {}, registry, null);
  return client;
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
  Notification.dismiss();
});

it('looks for what no event tells of, also before the settings are there', async () => {
  const client = activate({ load: () => new Promise(() => undefined) });
  await jest.advanceTimersByTimeAsync(HALF_A_MINUTE);
  expect(client.calls).toEqual(['kernel k1']);
});

it('says where the settings cannot be read, and goes on', async () => {
  const client = activate({ load: () => Promise.reject(new Error('No schema.')) });
  await jest.advanceTimersByTimeAsync(HALF_A_MINUTE);
  expect(client.calls).toEqual(['kernel k1']);
  expect(Notification.manager.notifications[0]?.message).toContain('No schema.');
});
