import { Signal } from '@lumino/signaling';
import { Hearing } from '../../src/hearing';

const ours = (what: string) => `https://events.jupyter.org/jupyter_envsnap/${what}/v1`;

function setUp() {
  const stream = new Signal<object, { schema_id: string }>({});
  const hearing = new Hearing(stream as never);
  const taken: (string | null)[] = [];
  const changed: object[] = [];
  const heard = jest.fn();
  hearing.snapshotTaken.connect((_, kernelId) => taken.push(kernelId));
  hearing.kernelChanged.connect((_, change) => changed.push(change));
  hearing.heard.connect(heard);
  return { stream, hearing, taken, changed, heard };
}

it('hears of snapshots and of changes', () => {
  const { stream, taken, changed } = setUp();
  stream.emit({ schema_id: ours('snapshot'), kernel_id: 'k1' } as never);
  stream.emit({ schema_id: ours('snapshot'), kernel_id: null } as never);
  const drift = { schema_id: ours('drift'), kernel_id: 'k1' };
  stream.emit({ ...drift, summary: '+ polars and 1 more', changes: 2 } as never);
  stream.emit({ ...drift, summary: null } as never);
  expect(taken).toEqual(['k1', null]);
  expect(changed).toEqual([
    { kernelId: 'k1', summary: '+ polars and 1 more', count: 2 },
    { kernelId: 'k1', summary: null, count: 0 }
  ]);
});

it('hears of files that were written', () => {
  const { stream, hearing } = setUp();
  const written: string[] = [];
  hearing.fileWritten.connect((_, path) => written.push(path));
  const contents = {
    schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
    path: 'a/environment.yml'
  };
  stream.emit({ ...contents, action: 'save' } as never);
  stream.emit({ ...contents, action: 'get' } as never);
  expect(written).toEqual(['a/environment.yml']);
});

it('passes over what is not ours, or not as it should be, but knows that it hears', () => {
  const { stream, hearing, taken, changed, heard } = setUp();
  stream.emit({
    schema_id: 'https://events.jupyter.org/jupyter_server/kernel_actions/v1'
  });
  stream.emit({ schema_id: ours('drift'), kernel_id: 7 } as never);
  expect(heard).toHaveBeenCalledTimes(2);
  hearing.dispose();
  stream.emit({ schema_id: ours('snapshot') });
  expect(heard).toHaveBeenCalledTimes(2);
  expect([...taken, ...changed]).toEqual([]);
});
