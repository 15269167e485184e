import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Findings } from '../../src/components/Findings';
import { isOfFile, isWarning, KINDS } from '../../src/findings';
import type * as wire from '../../src/wire';
import { environment, finding, localPackage, reading, trans } from './samples';

function show(
  change: Partial<wire.Finding>,
  around: Partial<wire.Environment> = {},
  local: wire.LocalPackage[] = []
) {
  const now = reading({ environment: environment(around) });
  const document =
    now.document.kind === 'written'
      ? { ...now.document, outline: { ...now.document.outline, local } }
      : now.document;
  const given = {
    trans,
    findings: [finding({ package: null, ...change })],
    reading: { ...now, document },
    lineOf: (about: wire.Finding) => (about.package ? 4 : null),
    onShowLine: jest.fn(),
    onCopy: jest.fn(),
    onReadAgain: jest.fn(),
    onChoose: jest.fn(),
    onRestart: jest.fn(),
    onClone: jest.fn(),
    onInclude: jest.fn()
  };
  render(<Findings {...given} />);
  return given;
}

async function press(name: string): Promise<void> {
  await userEvent.click(screen.getByRole('button', { name }));
}

it('each code of the server has its sign', () => {
  const source = resolve(__dirname, '../../../jupyter_envsnap/core/findings.py');
  const codes = [...readFileSync(source, 'utf-8').matchAll(/: Final = "([a-z-]+)"/g)];
  expect(codes.length).toBeGreaterThan(10);
  expect(Object.keys(KINDS).sort()).toEqual(codes.map(([, code]) => code).sort());
});

it.each([
  ['editable-install', 'Warning'],
  ['unpushed-source', 'Warning'],
  ['not-in-format', 'Warning'],
  ['credentials-removed', 'Good to know'],
  ['defaults-channel', 'Good to know'],
  ['excluded-needed', 'Good to know'],
  ['something-new', 'Warning']
])('%s has the sign "%s"', (code, sign) => {
  show({ code });
  expect(screen.getByRole('img', { name: sign })).toBeTruthy();
});

it('says what is so, and what to do', () => {
  show({ message: '`mylib` is here.', advice: 'Push it.' });
  expect(screen.getByText('mylib').tagName).toBe('CODE');
  expect(screen.getByText('Push it.')).toBeTruthy();
});

it.each([
  ['comment', ['git', 'folder'], 1],
  ['git', ['git', 'folder'], 0],
  ['comment', ['folder', 'comment'], 0]
] as const)(
  'offers the git address where it is %s of %j',
  async (named, options, count) => {
    const local = [localPackage({ named, options: [...options] })];
    const { onClone } = show({ package: 'mylib' }, {}, local);
    const name = 'Write its git address instead…';
    expect(screen.queryAllByRole('button', { name })).toHaveLength(count);
    if (count > 0) {
      await press(name);
      expect(onClone).toHaveBeenCalledWith('mylib');
    }
  }
);

it('shows the line of a package', async () => {
  const { onShowLine } = show({ code: 'conda-and-pip', package: 'pillow' });
  await press('Show line 5');
  expect(onShowLine).toHaveBeenCalledWith(4);
});

it('copies what pushes the commit of a folder', async () => {
  const pypi: wire.PypiPackage[] = [
    {
      name: 'mylib',
      version: '1',
      source: { type: 'local', path: '/home/ana/my lib', editable: true }
    }
  ];
  const { onCopy, onReadAgain } = show(
    { code: 'unpushed-source', package: 'mylib' },
    { pypi }
  );
  await press('Copy push command');
  expect(onCopy).toHaveBeenCalledWith("git -C '/home/ana/my lib' push");
  await press('Read again');
  expect(onReadAgain).toHaveBeenCalled();
});

it('offers no push where the folder is not known', () => {
  show({ code: 'unpushed-source', package: 'mylib' });
  expect(screen.queryByRole('button', { name: 'Copy push command' })).toBeNull();
});

it('copies the command that installs what comes from the home folder', async () => {
  const { onCopy } = show({
    code: 'user-site-package',
    package: 'rich',
    advice: 'Install it into this environment: `python -s -m pip install rich`.'
  });
  await press('Copy install command');
  expect(onCopy).toHaveBeenCalledWith('python -s -m pip install rich');
});

it('copies the path of what could not be read, and reads it again', async () => {
  const { onCopy, onReadAgain } = show({
    code: 'not-captured',
    path: 'conda-meta/a.json'
  });
  await press('Copy path');
  expect(onCopy).toHaveBeenCalledWith('/opt/conda/envs/climate/conda-meta/a.json');
  await press('Read again');
  expect(onReadAgain).toHaveBeenCalled();
});

it('lists the packages of the defaults channel on request', async () => {
  const conda = ['zlib', 'xz', 'numpy'].map((name, index) => ({
    name,
    version: '1',
    build: '0',
    channel: index === 2 ? 'conda-forge' : 'defaults',
    subdir: 'linux-64'
  }));
  show({ code: 'defaults-channel' }, { conda });
  const list = screen.getByText('zlib 1, xz 1');
  expect(list.closest('details')?.open).toBe(false);
  await userEvent.click(screen.getByText('Show packages'));
  expect(list.closest('details')?.open).toBe(true);
});

it.each(['excluded-needed', 'excluded-absent'])(
  'takes back what %s tells',
  async code => {
    const { onInclude } = show({ code, package: 'numpy' });
    await press('Leave it out no more');
    expect(onInclude).toHaveBeenCalledWith('numpy');
  }
);

it('lets the environment be chosen where sources disagree', async () => {
  const { onChoose } = show({ code: 'sources-disagree' });
  await press('Choose environment…');
  expect(onChoose).toHaveBeenCalled();
});

it('tells who saves of warnings, and of what was to be left out', () => {
  expect(isOfFile(finding({ code: 'excluded-absent' }))).toBe(true);
  expect(isOfFile(finding({ code: 'unknown-index' }))).toBe(true);
  expect(isOfFile(finding({ code: 'defaults-channel' }))).toBe(false);
  expect(isWarning(finding({ code: 'excluded-absent' }))).toBe(false);
});

it('offers to restart a kernel that may still use what was there before', async () => {
  const { onRestart } = show({
    code: 'loaded-before-change',
    message: '`numpy` changed.'
  });
  await press('Restart kernel');
  expect(onRestart).toHaveBeenCalled();
});
