import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import React from 'react';
import { Choosing } from '../../src/choosing';
import { chooseDialog } from '../../src/choosedialog';
import { Refusal, SwitchedOff, Unreachable } from '../../src/client';
import { addCommands } from '../../src/commands';
import { Comparing } from '../../src/comparing';
import { PanelView, type IPanelProps } from '../../src/components/PanelView';
import { addFileCommands } from '../../src/filecommands';
import { KINDS } from '../../src/findings';
import { Glance } from '../../src/glance';
import { Hearing } from '../../src/hearing';
import { History, NO_FILTER } from '../../src/history';
import { Model } from '../../src/model';
import { Notifier } from '../../src/notify';
import { Page } from '../../src/page';
import { saveDialog } from '../../src/savedialog';
import { Saving } from '../../src/saving';
import type { Standing, State } from '../../src/state';
import { statusWords } from '../../src/statuswords';
import { moment } from '../../src/time';
import type * as wire from '../../src/wire';
import { FakeClient, FakeFollower, FakeTimer, settled } from './fakes';
import { panelProps, READY } from './panelprops';
import { pseudo, untranslated } from './pseudo';
import {
  candidate,
  diff,
  finding,
  kernel,
  packageChanges,
  preview,
  reading,
  saveReply,
  snapshot,
  SUBJECT,
  TEXT
} from './samples';

/** What is the same in every language: names, versions, paths, dates, and what the server said. */
const DATA: readonly string[] = [
  TEXT,
  'Python (climate) forecast.ipynb work/forecast.ipynb repo/environment.yml',
  '/opt/conda/envs/climate linux-64 conda pip',
  '/home/ana/src/mylib environment.yml repo /opt/conda/envs/old /opt/conda base env numpy mylib lab-tools pooch dask OMP_NUM_THREADS kernel k1 file',
  Object.keys(KINDS).join(' '),
  everyChange()
    .map(({ name }) => name)
    .join(' '),
  moment(new Date(snapshot().taken_at))
];

const SUBJECTED = { subject: SUBJECT };
const RETRY = new Date(2026, 10, 22, 14, 6);

const REASONS: readonly wire.Reason[] = [
  'manual',
  'changed',
  'kernel-start',
  'kernel-shutdown',
  'kernel-restart',
  'kernel-died',
  'server-stop',
  'recovered',
  'cli',
  'saved'
];

const STATES: readonly State[] = [
  READY,
  { kind: 'no-kernel' },
  { kind: 'starting', ...SUBJECTED },
  { kind: 'reading', ...SUBJECTED, slow: true, progress: { done: 88, total: 142 } },
  { kind: 'dead', ...SUBJECTED, reading: reading(), at: RETRY },
  { kind: 'dead', ...SUBJECTED, reading: null, at: null },
  { kind: 'unreachable', ...SUBJECTED, reading: reading(), retryAt: RETRY },
  { kind: 'unreachable', ...SUBJECTED, reading: null, retryAt: RETRY },
  { kind: 'remote', ...SUBJECTED },
  { kind: 'no-environment', ...SUBJECTED },
  { kind: 'unreadable', ...SUBJECTED, message: '' },
  { kind: 'missing', ...SUBJECTED, message: '' },
  { kind: 'forbidden', ...SUBJECTED },
  { kind: 'off', ...SUBJECTED }
];

const STANDINGS: readonly Standing[] = [
  { kind: 'unclear', path: 'repo/environment.yml', message: '', line: 12 },
  { kind: 'unclear', path: 'repo/environment.yml', message: '', line: null },
  { kind: 'unsaved' },
  { kind: 'since-snapshot', requested: 1, indirect: 0 },
  { kind: 'since-snapshot', requested: 0, indirect: 2 },
  { kind: 'same', path: 'repo/environment.yml' },
  { kind: 'differs', path: 'repo/environment.yml', requested: 2, indirect: 0 },
  { kind: 'differs', path: 'repo/environment.yml', requested: 0, indirect: 1 }
];

const HISTORY = {
  kind: 'ready' as const,
  snapshots: REASONS.map((reason, index) => snapshot({ id: `s${index}`, reason })),
  next: 's99',
  reading: false,
  kept: { count: 214, since: '2026-03-03T09:20:00Z' },
  problem: null,
  findings: []
} satisfies IPanelProps['history'];

const PROBLEMS: readonly Error[] = [
  new Unreachable(),
  new SwitchedOff(),
  new Refusal('forbidden', '', 403),
  new Refusal('conflict', '', 409)
];

const PANELS: Readonly<Record<string, Partial<IPanelProps>>> = {
  ...Object.fromEntries<Partial<IPanelProps>>(
    STATES.map((state, index) => [`state ${state.kind} ${index}`, { state }])
  ),
  ...Object.fromEntries<Partial<IPanelProps>>(
    STANDINGS.map((standing, index) => [
      `standing ${standing.kind} ${index}`,
      { state: { ...READY, standing } }
    ])
  ),
  'an installer at work': {
    state: { ...READY, reading: reading({ kernel: kernel({ changing: 'pip' }) }) }
  },
  'every finding': {
    state: {
      ...READY,
      reading: reading({
        kernel: kernel({
          findings: Object.keys(KINDS).map(code =>
            finding({ code, message: `\`${code}\``, path: '/home/ana/src/mylib' })
          ),
          confidence: 'unsure',
          alternatives: [
            candidate(
              'environ',
              '/home/ana/src/mylib environment.yml repo /opt/conda/envs/old'
            )
          ]
        })
      })
    }
  },
  'who may not write': { mayWrite: false },
  history: { tab: 'history', history: HISTORY },
  'history of all': {
    tab: 'history',
    history: HISTORY,
    filter: { ...NO_FILTER, scope: 'all' }
  },
  'history without one': { tab: 'history', history: { ...HISTORY, snapshots: [] } },
  'history filtered': {
    tab: 'history',
    history: { ...HISTORY, snapshots: [] },
    filter: { ...NO_FILTER, package: 'numpy', hidden: ['changed'] }
  },
  'a snapshot': { past: { snapshot: snapshot(), text: TEXT } },
  changes: { tab: 'changes', history: HISTORY },
  'changes of every kind': {
    tab: 'changes',
    comparing: {
      ...panelProps().comparing,
      result: {
        kind: 'ready',
        diff: diff({ packages: everyChange(), facts: everyFact() })
      }
    }
  },
  'no changes': {
    tab: 'changes',
    comparing: {
      ...panelProps().comparing,
      result: { kind: 'ready', diff: diff({ packages: [], facts: [] }) }
    }
  },
  'nothing to compare': {
    tab: 'changes',
    comparing: { ...panelProps().comparing, result: { kind: 'nothing' } }
  },
  ...Object.fromEntries<Partial<IPanelProps>>(
    PROBLEMS.flatMap((error, index) => [
      [`asked in vain ${index}`, { asking: { kind: 'failed', error } as const }],
      [
        `history in vain ${index}`,
        { tab: 'history', history: { kind: 'failed', error } } as const
      ],
      [
        `compared in vain ${index}`,
        {
          tab: 'changes',
          comparing: { ...panelProps().comparing, result: { kind: 'failed', error } }
        } as const
      ]
    ])
  )
};

function everyChange(): wire.PackageChange[] {
  const kinds: readonly wire.PackageChange['change'][] = [
    'rebuilt',
    'channel-changed',
    'source-changed',
    'artifact-replaced',
    'requested-changed',
    'details',
    'changed'
  ];
  const [first] = packageChanges();
  const others = kinds.map(change => ({ ...first, name: `numpy-${change}`, change }));
  return [...packageChanges(), ...(others as wire.PackageChange[])];
}

function everyFact(): wire.FactChange[] {
  const names = ['kind', 'platform', 'python', 'channels', 'index', 'extra indexes'];
  return [...names, 'find-links', 'pin numpy', 'variable OMP_NUM_THREADS'].map(name => ({
    name,
    before: null,
    after: '8'
  }));
}

/** Unfold whatever can be unfolded, so that its words are there, too. */
function unfold(root: ParentNode): void {
  for (const details of Array.from(root.querySelectorAll('details:not([open])'))) {
    details.setAttribute('open', '');
    fireEvent(details, new Event('toggle'));
  }
  for (const button of Array.from(root.querySelectorAll('[aria-expanded="false"]'))) {
    fireEvent.click(button);
    check(root);
  }
}

function check(root: ParentNode): void {
  expect(untranslated(root, DATA)).toEqual([]);
}

describe('every word of the panel comes through the translator', () => {
  it.each(Object.entries(PANELS))('%s', (_, change) => {
    const { container } = render(
      <PanelView {...panelProps({ trans: pseudo, ...change })} />
    );
    check(container);
    unfold(container);
  });
});

describe('every word of the dialogs comes through the translator', () => {
  const askToSave = (client: FakeClient): Promise<unknown> =>
    saveDialog({
      saving: new Saving(
        client,
        'kernel:k1',
        reply => reply,
        new Model(client, new FakeFollower(), new FakeTimer()).writing
      ),
      trans: pseudo,
      hearing: new Hearing(new Signal({}) as never),
      leave: jest.fn(),
      copy: jest.fn()
    });

  /** What is in the document once the answers are there; then it is closed. */
  async function shown(open: () => Promise<unknown>): Promise<void> {
    let closed: Promise<unknown> = Promise.resolve();
    await act(async () => {
      closed = open();
      await settled();
      await new Promise(requestAnimationFrame);
      await settled();
    });
    expect(document.querySelector('.jp-Dialog')).not.toBeNull();
    unfold(document.body);
    check(document.body);
    await act(async () => {
      fireEvent.click(screen.getByText(/^⟦Cancel/));
      await closed;
    });
  }

  const repository = preview().repository as wire.RepositoryState;
  it.each<[string, Partial<wire.SavePreview>]>([
    ['a file that is there', {}],
    ['a new file', { exists: false, mode: 'replace', diff: [] }],
    ['the same text', { diff: [], added: 0, removed: 0 }],
    [
      'a loose file with things to know',
      { loose: ['numpy'], findings: [finding({ message: '`mylib`' })] }
    ],
    ['no repository', { repository: null }],
    [
      'hooks, own edits, a signature and no branch',
      {
        repository: {
          ...repository,
          branch: null,
          hooks: ['pre-commit'],
          signs: true,
          own_edits: [{ sign: '+', text: '  - numpy==2.0.1', old: null, new: 2 }]
        }
      }
    ],
    [
      'no commit',
      { commit_problem: { code: 'git-no-identity', message: '', detail: {} } }
    ]
  ])('saving: %s', async (_, change) => {
    const client = new FakeClient();
    client.onPreview = () => Promise.resolve(preview(change));
    await shown(() => askToSave(client));
  });

  it.each(['save-conflict', 'cannot-update', 'forbidden', 'unexpected'])(
    'saving is refused: %s',
    async code => {
      const client = new FakeClient();
      client.onPreview = () => Promise.reject(new Refusal(code, '', 409));
      await shown(() => askToSave(client));
    }
  );

  it.each(['some', 'none'])('choosing from %s', async many => {
    const client = new FakeClient();
    if (many === 'none') {
      client.onPrefixes = () => Promise.resolve([]);
    }
    const choosing = new Choosing(client, 'k1', () => Promise.resolve());
    await shown(() => chooseDialog(choosing, 'forecast.ipynb', pseudo));
  });
});

describe('every word of what acts and tells comes through the translator', () => {
  it('commands', () => {
    const client = new FakeClient();
    const follower = new FakeFollower();
    const model = new Model(client, follower, new FakeTimer());
    const commands = new CommandRegistry();
    const options = {
      commands,
      glance: new Glance(client, model),
      page: new Page(model, new History(client, follower), new Comparing(client, model)),
      client,
      notifier: new Notifier(commands, pseudo),
      trans: pseudo,
      model,
      show: jest.fn(),
      find: jest.fn(),
      ask: () => Promise.resolve(null),
      wrote: () => Promise.resolve(),
      explainIdentity: () => Promise.resolve(),
      confirm: () => Promise.resolve(false),
      askNote: () => Promise.resolve(null),
      choose: () => Promise.resolve(),
      copy: jest.fn(),
      download: jest.fn(),
      selected: () => null
    };
    addCommands(options);
    addFileCommands(options);
    const words = commands
      .listCommands()
      .filter(id => id.startsWith('envsnap:'))
      .flatMap(id => [
        commands.label(id),
        commands.label(id, { from: 'panel' }),
        commands.caption(id),
        commands.caption(id, { toolbar: true })
      ]);
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter(text => !/^⟦.*⟧$/.test(text))).toEqual([]);
  });

  it('toasts', () => {
    Notification.dismiss();
    const tell = new Notifier(new CommandRegistry(), pseudo);
    const same = { snapshot: snapshot(), unchanged_since: snapshot(), findings: [] };
    tell.kept({ snapshot: snapshot(), unchanged_since: null, findings: [] });
    tell.kept(same);
    tell.changed('+ polars 1.9.0', 1, jest.fn());
    tell.changed('+ polars 1.9.0', 3, jest.fn());
    tell.answered(kernel());
    tell.saved(saveReply());
    tell.saved(saveReply({ commit: null }));
    tell.saved(saveReply({ commit: null, written: false }));
    for (const error of PROBLEMS) {
      tell.notKept(error);
      tell.failed(error);
    }
    const told = Notification.manager.notifications.flatMap(({ message, options }) => [
      message,
      ...(options.actions ?? []).map(({ label }) => label)
    ]);
    expect(told.length).toBeGreaterThan(15);
    expect(told.filter(text => !/^⟦.*⟧$/.test(text))).toEqual([]);
  });

  it('the status bar', () => {
    for (const standing of STANDINGS) {
      const { short, long } = statusWords(pseudo, {
        name: 'climate',
        changing: null,
        standing
      }) ?? { short: '', long: '' };
      expect([short, long]).toEqual([
        expect.stringMatching(/^⟦.*⟧$/),
        expect.stringMatching(/^⟦.*⟧$/)
      ]);
    }
  });

  it('settings, which the server translates from our own domain', () => {
    const folder = join(__dirname, '..', '..', 'schema');
    for (const name of readdirSync(folder)) {
      expect(JSON.parse(readFileSync(join(folder, name), 'utf-8'))).toMatchObject({
        'jupyter.lab.internationalization': { domain: 'jupyter_envsnap' }
      });
    }
  });
});
