import { Signal } from '@lumino/signaling';
import { listen } from '../../src/hearing';

const ours = (what: string) => `https://events.jupyter.org/jupyter_envsnap/${what}/v1`;

function setUp() {
  const stream = new Signal<object, { schema_id: string }>({});
  const listener = { snapshotTaken: jest.fn(), kernelChanged: jest.fn() };
  const end = listen(stream as never, listener);
  return { stream, listener, end };
}

it('hears of snapshots and of changes', () => {
  const { stream, listener } = setUp();
  stream.emit({ schema_id: ours('snapshot') });
  stream.emit({
    schema_id: ours('drift'),
    kernel_id: 'k1',
    summary: '+ polars'
  } as never);
  stream.emit({ schema_id: ours('drift'), kernel_id: 'k1', summary: null } as never);
  expect(listener.snapshotTaken).toHaveBeenCalledTimes(1);
  expect(listener.kernelChanged.mock.calls).toEqual([
    ['k1', '+ polars'],
    ['k1', null]
  ]);
});

it('passes over what is not ours, or not as it should be', () => {
  const { stream, listener, end } = setUp();
  stream.emit({
    schema_id: 'https://events.jupyter.org/jupyter_server/kernel_actions/v1'
  });
  stream.emit({ schema_id: ours('drift'), kernel_id: 7 } as never);
  end();
  stream.emit({ schema_id: ours('snapshot') });
  expect(listener.snapshotTaken).not.toHaveBeenCalled();
  expect(listener.kernelChanged).not.toHaveBeenCalled();
});
