import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Refusal } from '../../src/client';
import { PanelView, type IPanelProps } from '../../src/components/PanelView';
import type { Standing, State } from '../../src/state';
import { CommandIDs } from '../../src/tokens';
import type * as wire from '../../src/wire';
import {
  candidate,
  diff,
  environment,
  finding,
  kernel,
  outline,
  packageChanges,
  reading,
  snapshot,
  SUBJECT,
  TEXT,
  written,
  YAML
} from './samples';
import { button, panelProps, READY } from './panelprops';

function show(change: Partial<IPanelProps> = {}) {
  const given = panelProps(change);
  const view = render(<PanelView {...given} />);
  return {
    ...given,
    container: view.container,
    again: (next: Partial<IPanelProps>) => {
      view.rerender(<PanelView {...given} {...next} />);
    }
  };
}

function readyWith(change: Partial<wire.KernelEnvironment>): State {
  return { ...READY, reading: reading({ kernel: kernel(change) }) };
}

describe('the environment', () => {
  it('is named, counted and dated', () => {
    show();
    expect(screen.getByRole('heading', { name: 'climate' })).toBeTruthy();
    for (const words of [
      'Python 3.12.7',
      '3 conda',
      '1 pip',
      'Idle',
      'Python (climate)',
      '10 lines'
    ]) {
      expect(screen.getByText(words, { exact: false })).toBeTruthy();
    }
    expect(screen.getByText('Read at 14:02')).toBeTruthy();
    expect(
      screen.getByRole('region', { name: 'environment.yml, 10 lines' })
    ).toBeTruthy();
  });

  it('says how it was found, and copies the folder', async () => {
    const { onCopy } = show();
    await userEvent.click(button('How it was found: found in the running kernel'));
    expect(screen.getByText('the process of the running kernel')).toBeTruthy();
    await userEvent.click(button('Copy folder'));
    expect(onCopy).toHaveBeenCalledWith('/opt/conda/envs/climate');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText('Copy folder')).toBeNull();
    expect(document.activeElement).toBe(button(/How it was found/));
  });

  it('says where it may be the wrong one', async () => {
    const unsure = kernel({ how: 'environ', confidence: 'unsure' });
    show({ state: { ...READY, reading: reading({ kernel: unsure }) } as State });
    await userEvent.click(button(/How it was found/));
    expect(screen.getByText('This may be the wrong environment.')).toBeTruthy();
  });

  it('says how sure that is, what it was made from, and what others say', async () => {
    show({
      state: readyWith({
        confidence: 'likely',
        prefix: { path: '/home/ana/.venv', kind: 'venv', base: '/usr' },
        alternatives: [
          candidate('environ', '/opt/conda'),
          candidate('kernelspec', '/opt/conda')
        ],
        findings: [finding({ code: 'sources-disagree', message: 'They disagree.' })]
      })
    });
    await userEvent.click(button(/How it was found/));
    const story = within(screen.getByRole('group', { name: /How it was found/ }));
    for (const words of [
      'likely',
      '/home/ana/.venv',
      '/usr',
      'Others say',
      'the CONDA_PREFIX variable',
      '/opt/conda',
      'They disagree.'
    ]) {
      expect(story.getByText(words)).toBeTruthy();
    }
  });

  it('lets another be chosen and the kernel be asked, and keeps the focus', async () => {
    const { onRun } = show();
    const found = button(/How it was found/);
    await userEvent.click(found);
    expect(
      screen.queryByRole('button', { name: 'Use the one found automatically' })
    ).toBeNull();
    await userEvent.click(button('Choose environment…'));
    expect(onRun).toHaveBeenLastCalledWith(CommandIDs.chooseEnvironment);
    expect(document.activeElement).toBe(found);
    expect(screen.queryByText('Found by')).toBeNull();
    await userEvent.click(found);
    await userEvent.click(button(/Ask the kernel/));
    expect(onRun).toHaveBeenLastCalledWith(CommandIDs.askKernel);
  });

  it('takes a choice back', async () => {
    const { onRun } = show({ state: readyWith({ how: 'chosen' }) });
    await userEvent.click(button('How it was found: chosen by you'));
    await userEvent.click(button('Use the one found automatically'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.chooseEnvironment, { path: null });
  });

  it('says why the kernel cannot be asked now', async () => {
    const { onRun } = show({ askObstacle: 'busy' });
    await userEvent.click(button(/How it was found/));
    const ask = button(/Ask the kernel/);
    expect(ask.getAttribute('aria-disabled')).toBe('true');
    expect(ask.textContent).toContain('Not now: a cell is running.');
    await userEvent.click(ask);
    expect(onRun).not.toHaveBeenCalled();
  });

  it('does not offer to ask what does not speak Python', async () => {
    const { again } = show({ askObstacle: 'foreign' });
    await userEvent.click(button(/How it was found/));
    expect(screen.queryByText('Ask the kernel')).toBeNull();
    again({
      askObstacle: 'foreign',
      state: { kind: 'no-environment', subject: SUBJECT }
    });
    expect(button('Choose environment…')).toBeTruthy();
    expect(screen.queryByText('Ask the kernel')).toBeNull();
  });

  it('offers neither where the kernel died', async () => {
    show({ state: { kind: 'dead', subject: SUBJECT, reading: reading(), at: null } });
    await userEvent.click(button(/How it was found/));
    expect(screen.queryByText('Choose environment…')).toBeNull();
    expect(button('Copy folder')).toBeTruthy();
  });

  it.each([
    ['kernel-busy', 'The kernel is busy.'],
    ['kernel-did-not-answer', 'The kernel did not answer.'],
    ['kernel-without-environment', 'The kernel names no environment.'],
    ['forbidden', 'You may not ask this kernel.'],
    ['internal', 'The kernel could not be asked.']
  ])('keeps its text where asking ends in %s, and says so', async (code, words) => {
    const error = new Refusal(code, 'In the words of the server.', 409);
    const { onRead, onRun } = show({ asking: { kind: 'failed', error } });
    expect(screen.getByText(words)).toBeTruthy();
    expect(screen.getByText('xarray')).toBeTruthy();
    await userEvent.click(button('Choose environment…'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.chooseEnvironment);
    await userEvent.click(button('Close'));
    expect(onRead).toHaveBeenCalled();
  });

  it('finds a package, goes round its hits and clears', async () => {
    show();
    const field = screen.getByRole<HTMLInputElement>('searchbox', {
      name: 'Find a package'
    });
    await userEvent.type(field, 'xarray');
    expect(screen.getByText('1 of 1')).toBeTruthy();
    await userEvent.clear(field);
    await userEvent.type(field, '1');
    expect(screen.getByText('1 of 3')).toBeTruthy();
    await userEvent.keyboard('{Enter}');
    expect(screen.getByText('2 of 3')).toBeTruthy();
    await userEvent.keyboard('{Shift>}{Enter}{Enter}{/Shift}');
    expect(screen.getByText('3 of 3')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(field.value).toBe('');
  });

  it('draws only the lines in view of a long text', () => {
    const text = Array.from({ length: 3000 }, (_, index) => `  - p${index}=1`).join('\n');
    show({
      state: { ...READY, reading: reading({ document: written({ text }) }) } as State
    });
    expect(screen.getByText('3000 lines')).toBeTruthy();
    expect(document.querySelectorAll('.jp-EnvSnap-line').length).toBeLessThan(100);
  });

  it('keeps the words that are searched when it is read again', async () => {
    const { again } = show();
    await userEvent.type(screen.getByRole('searchbox'), 'xarray');
    again({ state: { ...READY, reading: reading({ readAt: new Date() }) } });
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('xarray');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });

  it('is left with Escape', async () => {
    const { onLeave } = show();
    button('Snapshot').focus();
    await userEvent.keyboard('{Escape}');
    expect(onLeave).toHaveBeenCalledTimes(1);
  });
});

describe('why an entry is there', () => {
  it('stands with its line, in words', () => {
    show();
    const line = screen.getByText('numpy').closest('.jp-EnvSnap-line');
    expect(line?.textContent).toContain('You asked for it: numpy>=1.24');
  });

  it('is told in the foot for the line under the pointer', () => {
    show();
    const region = screen.getByRole('region', { name: /10 lines/ });
    fireEvent.mouseMove(region, { clientY: 4 + 6 * 20 + 10 });
    expect(screen.getByText('xarray: Nothing else needs it')).toBeTruthy();
    fireEvent.mouseLeave(region);
    expect(screen.queryByText('xarray: Nothing else needs it')).toBeNull();
    expect(screen.getByText('10 lines')).toBeTruthy();
  });

  it('is told for the line that the arrows reach', async () => {
    show();
    screen.getByRole('region', { name: /10 lines/ }).focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(document.querySelector('.jp-mod-current')?.textContent).toContain('name');
    await userEvent.keyboard('{End}{ArrowDown}');
    const told = screen.getByText('mylib: You asked for it');
    expect(told.closest('[role]')?.getAttribute('role')).toBe('status');
    await userEvent.keyboard('{ArrowUp}');
    expect(screen.getByText('polars: Needed by a, b, c and 1 more')).toBeTruthy();
    await userEvent.keyboard('{Home}{ArrowUp}');
    expect(document.querySelector('.jp-mod-current')?.textContent).toContain('name');
  });
});

describe('how it is written', () => {
  it('is chosen beside the search', async () => {
    const { onProfile, onFormat, onOmission } = show();
    await userEvent.click(button('How it is written: Same platform'));
    await userEvent.click(screen.getByRole('radio', { name: 'Any platform' }));
    expect(onProfile).toHaveBeenCalledWith('minimal');
    await userEvent.click(screen.getByRole('radio', { name: 'requirements.txt' }));
    expect(onFormat).toHaveBeenCalledWith('requirements');
    await userEvent.click(screen.getByRole('checkbox', { name: 'Jupyter' }));
    expect(onOmission).toHaveBeenCalledWith({ exclude: [], without: ['jupyter'] });
  });

  it('can be chosen again where it cannot be written so', async () => {
    const refusal = new Refusal('option-refused', 'Not of `venv`.', 400);
    const document = { kind: 'refused', format: YAML, refusal } as const;
    show({ state: { ...READY, reading: reading({ document }) } as State });
    expect(screen.getByText('venv')).toBeTruthy();
    expect(screen.queryByRole('searchbox')).toBeNull();
    await userEvent.click(button(/^How it is written/));
    expect(screen.getByRole('radio', { name: 'Any platform' })).toBeTruthy();
  });
});

describe('about the environment', () => {
  it('is folded, and says what is around the packages', async () => {
    const around = environment({
      virtual_packages: [
        { name: '__glibc', version: '2.39', build: '0' },
        { name: '__archspec', version: '1', build: 'x86_64_v3' }
      ],
      machine: { driver: '550.54', image: 'jupyter/scipy:2026' },
      pins: ['numpy 2.*'],
      indexes: { index_url: null, extra: ['https://index.example.org/simple'] }
    });
    show({ state: { ...READY, reading: reading({ environment: around }) } as State });
    const about = screen.getByText('About this environment');
    expect(about.closest('details')?.open).toBe(false);
    await userEvent.click(about);
    expect(about.closest('details')?.open).toBe(true);
    for (const words of [
      '__glibc 2.39',
      '__archspec 1 x86_64_v3',
      '550.54',
      'jupyter/scipy:2026',
      'numpy 2.*',
      'https://index.example.org/simple'
    ]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
    expect(screen.queryByText('Package index')).toBeNull();
  });
});

describe('findings', () => {
  const findings = [
    finding(),
    finding({
      code: 'not-captured',
      message: 'Missing.',
      package: null,
      path: 'conda-meta/a.json'
    }),
    finding({
      code: 'credentials-removed',
      message: 'A password was removed.',
      package: null
    })
  ];

  it('offer what works for each', async () => {
    const state = {
      ...READY,
      reading: reading({ document: written({ outline: outline({ findings }) }) })
    };
    const { onCopy, onRun } = show({ state: state as State });
    expect(screen.getByText('3 things to know before you share it')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: /^Show line/ })).toHaveLength(1);
    await userEvent.click(button('Show line 10'));
    expect(document.querySelector('.jp-mod-current')?.textContent).toContain('mylib');
    await userEvent.click(button('Copy path'));
    expect(onCopy).toHaveBeenCalledWith('/opt/conda/envs/climate/conda-meta/a.json');
    await userEvent.click(button('Read again'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.refresh);
  });

  it('that the server tells twice are shown once', () => {
    const state = {
      ...READY,
      reading: reading({
        kernel: kernel({ findings: [finding()] }),
        document: written({ outline: outline({ findings: [finding()] }) })
      })
    };
    show({ state: state as State });
    expect(screen.getByText('1 thing to know before you share it')).toBeTruthy();
  });

  it('of the environment are shown where conda prints its text', () => {
    const state = {
      ...READY,
      reading: reading({
        environment: environment({ findings: [finding()] }),
        document: written({
          profile: 'conda',
          outline: outline({ entries: [], findings: [] })
        })
      })
    };
    show({ state: state as State });
    expect(button('Show line 10')).toBeTruthy();
  });

  it('about where the environment is stand first, with a way to choose', async () => {
    const disagree = finding({
      code: 'sources-disagree',
      message: 'This is /a, but its CONDA_PREFIX names /b.',
      package: null
    });
    const { onRun } = show({ state: readyWith({ findings: [disagree] }) });
    expect(screen.getByText('1 thing to know before you share it')).toBeTruthy();
    await userEvent.click(button('Choose environment…'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.chooseEnvironment);
  });
});

describe('the state line', () => {
  const path = 'repo/environment.yml';
  it.each<[string, Standing]>([
    [
      '3 changes since environment.yml',
      { kind: 'differs', path, requested: 3, indirect: 9 }
    ],
    [
      '1 change since environment.yml',
      { kind: 'differs', path, requested: 1, indirect: 0 }
    ],
    [
      '7 indirect changes since environment.yml',
      { kind: 'differs', path, requested: 0, indirect: 7 }
    ],
    [
      '2 changes since the last snapshot',
      { kind: 'since-snapshot', requested: 2, indirect: 1 }
    ],
    [
      '1 indirect change since the last snapshot',
      { kind: 'since-snapshot', requested: 0, indirect: 1 }
    ],
    ['Matches environment.yml', { kind: 'same', path }]
  ])('leads to the changes where it says "%s"', async (words, standing) => {
    const { onRun } = show({ state: { ...READY, standing } });
    await userEvent.click(button(new RegExp(words)));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.showChanges);
    expect(screen.getByText(words).closest('[role]')?.getAttribute('role')).toBe(
      'status'
    );
  });

  it('leads to the save dialog where nothing was saved', async () => {
    const { onRun } = show({ state: { ...READY, standing: { kind: 'unsaved' } } });
    await userEvent.click(button(/Not saved yet/));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.save);
  });

  it('says why nothing can be saved, and leads nowhere then', async () => {
    const state = { ...READY, standing: { kind: 'unsaved' } } as const;
    const { onRun } = show({ state, mayWrite: false });
    const line = button(/Not saved yet/);
    expect(line.getAttribute('aria-disabled')).toBe('true');
    expect(line.title).toMatch(/You may look here but not save/);
    await userEvent.click(line);
    expect(onRun).not.toHaveBeenCalled();
  });

  it('leads to the changes also for those who may only look', async () => {
    const { onRun } = show({ mayWrite: false });
    await userEvent.click(button(/3 changes since/));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.showChanges);
  });

  it('says who is at work, and of when the text is', () => {
    show({ state: readyWith({ changing: 'pip' }) });
    const said = screen.getByText(/^pip is at work\. As of \d/);
    expect(said.closest('[role]')?.getAttribute('role')).toBe('status');
    expect(screen.queryByText(/since environment\.yml/)).toBeNull();
  });

  it('lets Snapshot wait for who is at work, and says why', async () => {
    const { onRun } = show({ state: readyWith({ changing: 'pip' }) });
    expect(button('Snapshot').getAttribute('aria-disabled')).toBe('true');
    expect(button('Snapshot').title).toBe(
      'pip is at work. A snapshot can be taken when it has ended.'
    );
    await userEvent.click(button('Snapshot'));
    expect(onRun).not.toHaveBeenCalled();
    expect(button('Save to repository…').getAttribute('aria-disabled')).toBe('false');
  });

  it.each<[string, string, number | null, string]>([
    ['environment.yml: error in line 12', path, 12, CommandIDs.openFile],
    ['environment.yml cannot be compared', path, null, CommandIDs.showChanges],
    ['The environment file cannot be compared', '', null, CommandIDs.showChanges]
  ])('of a file that cannot be read says "%s"', async (words, where, line, command) => {
    const message = 'The file is no YAML.';
    const { onRun } = show({
      state: { ...READY, standing: { kind: 'unclear', path: where, line, message } }
    });
    const told = button(new RegExp(words));
    expect(told.title).toBe(message);
    await userEvent.click(told);
    expect(onRun).toHaveBeenCalledWith(command);
  });
});

describe('what changed, in the text', () => {
  const since = diff({
    packages: [
      ...packageChanges(),
      {
        name: 'cftime',
        change: 'removed',
        requested: false,
        pypi_before: { name: 'cftime', version: '1.6.4' }
      }
    ]
  });
  const signs = (text: string): (string | null)[] => {
    const line = screen.getByTitle(new RegExp(`^${text}`));
    return within(line)
      .queryAllByRole('img')
      .map(sign => sign.getAttribute('aria-label'));
  };

  it('is marked by a sign, a note, and where something is gone', () => {
    show({ since });
    expect(signs('- numpy=')).toEqual(['Changed']);
    expect(screen.getByText('was 1.26.4')).toBeTruthy();
    expect(signs('- polars==')).toEqual(['Added']);
    expect(signs('dependencies:')).toEqual(['Removed']);
    expect(screen.getByText('dask 2024.9.0, certifi 2024.8.30')).toBeTruthy();
    expect(signs('- pip:')).toEqual(['Removed']);
    expect(signs('- python=')).toEqual([]);
  });

  it('is not marked where it is of another environment, nor in a snapshot', () => {
    show({ past: { snapshot: snapshot(), text: TEXT }, since });
    expect(screen.queryByRole('img', { name: 'Changed' })).toBeNull();
  });

  it('is gone to with Alt and the arrows, round and round', async () => {
    show({ since });
    const text = screen.getByRole('region', { name: /10 lines/ });
    const told = (): string | null | undefined =>
      text.closest('.jp-EnvSnap-view')?.querySelector('.jp-EnvSnap-foot > [role=status]')
        ?.textContent;
    text.focus();
    const heard: unknown[] = [];
    for (const key of ['Down', 'Down', 'Down', 'Down', 'Down', 'Up', 'Up']) {
      await userEvent.keyboard(`{Alt>}{Arrow${key}}{/Alt}`);
      heard.push(told());
    }
    const gone = 'Removed here: dask 2024.9.0, certifi 2024.8.30';
    const [numpy, cftime] = ['Changed: numpy, was 1.26.4', 'Removed here: cftime 1.6.4'];
    expect(heard).toEqual([
      gone,
      numpy,
      cftime,
      'Added: polars',
      gone,
      'Added: polars',
      cftime
    ]);
  });

  it('has ticks beside the text, and a click on one goes there', () => {
    const { container } = show({ since });
    const ruler = container.querySelector('.jp-EnvSnap-ruler') ?? document.body;
    expect(ruler.querySelectorAll('i')).toHaveLength(4);
    ruler.getBoundingClientRect = () => ({ top: 0, height: 100 }) as DOMRect;
    fireEvent.click(ruler, { clientY: 48 });
    expect(screen.getByText('Changed: numpy, was 1.26.4')).toBeTruthy();
  });
});

describe('the toolbar', () => {
  it('is one stop for Tab, with arrows inside', async () => {
    show();
    const toolbar = screen.getByRole('toolbar');
    const stops = within(toolbar)
      .getAllByRole('button')
      .filter(item => item.tabIndex === 0);
    expect(stops).toEqual([button('Snapshot')]);
    button('Snapshot').focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(button('Save to repository…'));
    await userEvent.keyboard('{End}');
    expect(document.activeElement).toBe(button('More'));
  });

  it('runs commands', async () => {
    const { onRun, onMore } = show();
    await userEvent.click(button('Snapshot'));
    await userEvent.click(button('Save to repository…'));
    await userEvent.click(button('More'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.snapshot);
    expect(onRun).toHaveBeenCalledWith(CommandIDs.save);
    expect(onMore).toHaveBeenCalledWith(button('More'));
  });

  it('says why a person may not write', async () => {
    const { onRun } = show({ mayWrite: false });
    expect(button('Snapshot').title).toMatch(/You may look here but not save/);
    await userEvent.click(button('Snapshot'));
    await userEvent.click(button('Save to repository…'));
    expect(onRun).not.toHaveBeenCalled();
  });
});

describe('states', () => {
  const at = new Date(2026, 10, 22, 14, 2);
  const cases: [State, string, [string, string][]][] = [
    [
      { kind: 'no-kernel' },
      'No kernel',
      [
        ['Start a kernel', CommandIDs.startKernel],
        ['Show history', CommandIDs.showHistory]
      ]
    ],
    [
      { kind: 'starting', subject: SUBJECT },
      'Kernel is starting',
      [['Show history', CommandIDs.showHistory]]
    ],
    [
      { kind: 'remote', subject: SUBJECT },
      'Kernel runs on another computer',
      [['Show history', CommandIDs.showHistory]]
    ],
    [
      { kind: 'no-environment', subject: SUBJECT },
      'No environment found',
      [
        ['Choose environment…', CommandIDs.chooseEnvironment],
        ['Ask the kernel', CommandIDs.askKernel],
        ['Try again', CommandIDs.refresh]
      ]
    ],
    [
      { kind: 'unreadable', subject: SUBJECT, message: 'Damaged.' },
      'Environment could not be read',
      [
        ['Try again', CommandIDs.refresh],
        ['Choose environment…', CommandIDs.chooseEnvironment]
      ]
    ],
    [
      { kind: 'missing', subject: SUBJECT, message: 'Deleted.' },
      'Environment is gone',
      [
        ['Show history', CommandIDs.showHistory],
        ['Choose environment…', CommandIDs.chooseEnvironment]
      ]
    ],
    [
      { kind: 'forbidden', subject: SUBJECT },
      'No permission',
      [['Try again', CommandIDs.refresh]]
    ],
    [
      { kind: 'off', subject: SUBJECT },
      'Not switched on for this server',
      [['Try again', CommandIDs.refresh]]
    ],
    [
      { kind: 'unreachable', subject: SUBJECT, reading: null, retryAt: at },
      'The server does not answer.',
      [['Try now', CommandIDs.refresh]]
    ],
    [
      { kind: 'dead', subject: SUBJECT, reading: null, at: null },
      'The kernel died',
      [['Restart kernel', CommandIDs.restartKernel]]
    ]
  ];

  it.each(cases)('%j', async (state, title, actions) => {
    const { onRun } = show({ state });
    expect(screen.getByRole('heading', { name: title })).toBeTruthy();
    for (const [words, id] of actions) {
      await userEvent.click(button(words));
      expect(onRun).toHaveBeenLastCalledWith(id);
    }
  });

  it('say how it is found where nothing was, and why it cannot be asked', () => {
    show({
      state: { kind: 'no-environment', subject: SUBJECT },
      askObstacle: 'starting'
    });
    expect(screen.getByText('How it is found').closest('details')).toBeTruthy();
    expect(button('Ask the kernel').title).toBe('Not now: the kernel is starting.');
  });

  it('show no spinner before it takes long', () => {
    const first = { kind: 'reading', subject: SUBJECT, progress: null } as const;
    const { again, container } = show({ state: { ...first, slow: false } });
    expect(screen.queryByText('Reading packages')).toBeNull();
    again({ state: { ...first, slow: true } });
    expect(screen.getByText('Reading packages')).toBeTruthy();
    expect(screen.getByText('The first time takes longest.')).toBeTruthy();
    again({ state: { ...first, slow: true, progress: { done: 88, total: 142 } } });
    expect(screen.getByText('88 of 142. The first time takes longest.')).toBeTruthy();
    const bar = container.querySelector<HTMLElement>('.jp-EnvSnap-progress > i');
    expect(bar?.style.inlineSize).toMatch(/^61\.9/);
  });

  it('keep the text, dated, of a kernel that died', async () => {
    const { onRun } = show({
      state: { kind: 'dead', subject: SUBJECT, reading: reading(), at }
    });
    expect(screen.getByText('The kernel died at 14:02.')).toBeTruthy();
    expect(screen.getByText('xarray')).toBeTruthy();
    expect(button('Snapshot').getAttribute('aria-disabled')).toBe('true');
    await userEvent.click(button('Restart kernel'));
    expect(onRun).toHaveBeenCalledWith(CommandIDs.restartKernel);
  });

  it('keep the text while the server is gone', () => {
    const retryAt = new Date(Date.now() + 7_500);
    show({
      state: { kind: 'unreachable', subject: SUBJECT, reading: reading(), retryAt }
    });
    expect(screen.getByText(/Trying again in 8 seconds/)).toBeTruthy();
    expect(screen.getByText('xarray')).toBeTruthy();
    expect(button('Save to repository…').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('a snapshot', () => {
  it('shows a snapshot in place of now, and the way back', async () => {
    const { onBackToNow } = show({
      past: { snapshot: snapshot(), text: 'name: then\n' }
    });
    expect(screen.getByText('Snapshot of 13:40')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'environment.yml, 1 line' })).toBeTruthy();
    await userEvent.click(button('Back to now'));
    expect(onBackToNow).toHaveBeenCalled();
  });
});
