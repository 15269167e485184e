import {
  Client,
  Refusal,
  SwitchedOff,
  Unreachable,
  type Request
} from '../../src/client';
import { kernel, known, outline, saveReply, snapshot } from './samples';

function answering(...replies: (Response | Error)[]) {
  const asked: { path: string; init: RequestInit }[] = [];
  const request: Request = (path, init) => {
    asked.push({ path, init });
    const reply = replies.shift();
    return reply instanceof Response
      ? Promise.resolve(reply)
      : Promise.reject(reply ?? new Error('Nobody expected this question.'));
  };
  return { client: new Client(request), asked };
}

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status });
}

it('sends back the tag it got, and reads the kept text from 304', async () => {
  const { client, asked } = answering(
    new Response('name: a\n', { headers: { ETag: '"1"' } }),
    new Response(null, { status: 304 }),
    new Response('name: b\n', { headers: { ETag: '"2"' } })
  );
  expect(await client.document('k/1', {})).toBe('name: a\n');
  expect(await client.document('k/1', {})).toBe('name: a\n');
  expect(await client.document('k/1', {})).toBe('name: b\n');
  expect(asked.map(({ path }) => path)).toEqual(
    Array(3).fill('envsnap/kernels/k%2F1/document')
  );
  expect(asked.map(({ init }) => init.headers)).toEqual([
    {},
    { 'If-None-Match': '"1"' },
    { 'If-None-Match': '"1"' }
  ]);
});

it('finds its kernel in the list, or none', async () => {
  const list = { kernels: [kernel({ kernel_id: 'other' }), kernel()] };
  const { client, asked } = answering(json(list), json(list));
  expect((await client.kernel('k1'))?.kernel_id).toBe('k1');
  expect(await client.kernel('k9')).toBeNull();
  expect(asked[0]?.path).toBe('envsnap/kernels?no_track_activity=1');
});

it('asks for the page after a snapshot', async () => {
  const { client, asked } = answering(json({ snapshots: [snapshot()], next: 's1' }));
  await client.snapshots({ notebook: 'a b.ipynb', before: 's2' });
  expect(asked[0]?.path).toBe('envsnap/snapshots?notebook=a+b.ipynb&before=s2');
});

it('posts what it saves', async () => {
  const { client, asked } = answering(json(saveReply()));
  await client.save({ source: 'kernel:k1', commit: { message: 'm' } });
  expect(asked[0]?.init).toMatchObject({
    method: 'POST',
    body: '{"source":"kernel:k1","commit":{"message":"m"}}'
  });
});

it('names the environment it chooses, and none to take that back', async () => {
  const { client, asked } = answering(
    json(kernel({ how: 'chosen' })),
    json(kernel()),
    json(kernel({ how: 'kernel' }))
  );
  await client.choosePrefix('k/1', '/opt/conda');
  await client.choosePrefix('k/1', null);
  expect((await client.askKernel('k/1')).how).toBe('kernel');
  expect(asked.map(({ path, init }) => [init.method, path, init.body])).toEqual([
    ['PUT', 'envsnap/kernels/k%2F1/prefix', '{"path":"/opt/conda"}'],
    ['PUT', 'envsnap/kernels/k%2F1/prefix', '{"path":null}'],
    ['POST', 'envsnap/kernels/k%2F1/ask', '{}']
  ]);
});

it('lists the environments that may be chosen', async () => {
  const prefixes = [known('base', '/opt/conda')];
  const { client } = answering(
    json({ prefixes }),
    json({ prefixes: [{ name: 'base' }] })
  );
  expect(await client.prefixes()).toEqual(prefixes);
  await expect(client.prefixes()).rejects.toThrow(Refusal);
});

it.each([
  ['our own refusal', json({ code: 'prefix-missing', message: 'Gone.' }, 404), Refusal],
  ['a 404 that is not ours', json({ message: 'Not Found' }, 404), SwitchedOff],
  ['a web page that says 404', new Response('<html>', { status: 404 }), SwitchedOff],
  ['a proxy without a server behind it', new Response('', { status: 502 }), Unreachable],
  ['our own 503', json({ code: 'read-timed-out', message: 'Late.' }, 503), Refusal],
  ['a lost connection', new TypeError('Failed to fetch'), Unreachable],
  ['a reply of another shape', json({ kernels: [{ kernel_id: 1 }] }), Refusal],
  ['a reply that is no JSON', new Response('hello'), Refusal]
])('tells %s apart', async (_what, reply, kind) => {
  const { client } = answering(reply);
  await expect(client.kernel('k1')).rejects.toThrow(kind);
});

it('asks for a text as it is to be written, name by name', async () => {
  const { client, asked } = answering(
    new Response('text'),
    json(outline()),
    new Response('text')
  );
  const query = { format: 'f', profile: 'p', exclude: ['a', 'b&c'], without: ['g'] };
  await client.document('k1', query);
  expect((await client.outline('k1', query)).entries[0]?.name).toBe('numpy');
  await client.snapshotDocument('s1', {});
  const words = 'format=f&profile=p&exclude=a&exclude=b%26c&without=g';
  expect(asked.map(({ path }) => path)).toEqual([
    `envsnap/kernels/k1/document?${words}`,
    `envsnap/kernels/k1/outline?${words}`,
    'envsnap/snapshots/s1/document'
  ]);
});
