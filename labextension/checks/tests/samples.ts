import { nullTranslator } from '@jupyterlab/translation';
import type { ISubject } from '../../src/kernel';
import type { IReading, IWritten } from '../../src/state';
import type * as wire from '../../src/wire';

export const trans = nullTranslator.load('jupyter_envsnap');

export const SUBJECT: ISubject = {
  kernelId: 'k1',
  state: 'idle',
  displayName: 'Python (climate)',
  path: 'work/forecast.ipynb',
  title: 'forecast.ipynb',
  askable: true
};

export const TEXT = [
  'name: climate',
  'channels:',
  '  - conda-forge',
  'dependencies:',
  '  - numpy==2.0.1',
  '  - python==3.12.7',
  '  - xarray==2024.9.0',
  '  - pip:',
  '    - polars==1.9.0',
  '    - -e /home/ana/src/mylib',
  ''
].join('\n');

export function kernel(
  change: Partial<wire.KernelEnvironment> = {}
): wire.KernelEnvironment {
  return {
    kernel_id: 'k1',
    kernel_name: 'python3',
    display_name: 'Python (climate)',
    state: 'idle',
    notebooks: ['work/forecast.ipynb'],
    prefix: { path: '/opt/conda/envs/climate', kind: 'conda', base: null },
    how: 'process',
    confidence: 'certain',
    fingerprint: 'f1',
    captured_at: null,
    alternatives: [],
    problem: null,
    ...change
  };
}

export function known(
  name: string,
  path = `/opt/conda/envs/${name}`,
  change: Partial<wire.KnownPrefix> = {}
): wire.KnownPrefix {
  return { name, prefix: { path, kind: 'conda', base: null }, kernels: [], ...change };
}

export function candidate(how: wire.How, path: string): wire.Candidate {
  return { how, confidence: 'certain', prefix: { path, kind: 'conda', base: null } };
}

export function environment(change: Partial<wire.Environment> = {}): wire.Environment {
  const conda = ['numpy', 'python', 'xarray'].map(name => ({
    name,
    version: '1',
    build: '0',
    channel: 'conda-forge',
    subdir: 'linux-64'
  }));
  return {
    digest: 'd1',
    name: 'climate',
    kind: 'conda',
    platform: 'linux-64',
    python: '3.12.7',
    channels: ['conda-forge'],
    conda,
    pypi: [{ name: 'polars', version: '1.9.0' }],
    findings: [],
    ...change
  };
}

export function finding(change: Partial<wire.Finding> = {}): wire.Finding {
  return {
    code: 'editable-install',
    message: '`mylib` runs from a folder on this machine.',
    package: 'mylib',
    path: null,
    ...change
  };
}

const profile = (name: string, label: string): wire.ProfileEntry => ({
  name,
  label,
  description: ''
});
const VERSIONS = profile('versions', 'Same platform');
const MINIMAL = profile('minimal', 'Any platform');
const EXACT = profile('exact', 'This exact build');
const CONDA = profile('conda', 'As conda prints it');

function format(
  name: string,
  filename: string,
  profiles: wire.ProfileEntry[]
): wire.FormatEntry {
  return { name, label: filename, media_type: 'text/plain', filename, profiles };
}

export const YAML = format('environment-yaml', 'environment.yml', [
  VERSIONS,
  MINIMAL,
  EXACT,
  CONDA
]);

export const FORMATS: wire.FormatList = {
  formats: [
    YAML,
    format('explicit', 'explicit.txt', [EXACT, CONDA]),
    format('requirements', 'requirements.txt', [VERSIONS, MINIMAL, CONDA])
  ],
  groups: [
    { name: 'jupyter', packages: ['jupyterlab', 'ipykernel'] },
    { name: 'lab-tools', packages: ['pooch'] }
  ]
};

function entry(line: number, name: string, change: Partial<wire.Entry> = {}): wire.Entry {
  return { line, name, kind: 'conda', version: '1', why: 'leaf', ...change };
}

export function outline(change: Partial<wire.Outline> = {}): wire.Outline {
  return {
    format: 'environment-yaml',
    profile: 'versions',
    entries: [
      entry(5, 'numpy', { why: 'requested', because: ['numpy>=1.24'] }),
      entry(6, 'python', { why: 'python' }),
      entry(7, 'xarray'),
      entry(9, 'polars', { kind: 'pypi', why: 'needed', because: ['a', 'b', 'c', 'd'] }),
      entry(10, 'mylib', { kind: 'pypi', why: 'requested' })
    ],
    findings: [],
    ...change
  };
}

export function written(change: Partial<IWritten> = {}): IWritten {
  return {
    kind: 'written',
    format: YAML,
    profile: 'versions',
    text: TEXT,
    outline: outline(),
    ...change
  };
}

export function reading(change: Partial<IReading> = {}): IReading {
  return {
    kernel: kernel(),
    environment: environment(),
    document: written(),
    readAt: new Date(2026, 10, 22, 14, 2),
    ...change
  };
}

export function snapshot(change: Partial<wire.ListedSnapshot> = {}): wire.ListedSnapshot {
  return {
    id: 's1',
    taken_at: new Date(2026, 10, 22, 13, 40).toISOString(),
    reason: 'manual',
    digest: 'd1',
    name: 'climate',
    kind: 'conda',
    prefix: '/opt/conda/envs/climate',
    python: '3.12.7',
    conda_count: 142,
    pypi_count: 9,
    kernel_id: 'k1',
    kernel_name: 'python3',
    notebook: 'work/forecast.ipynb',
    note: null,
    how: 'process',
    ...change
  };
}

export function localPackage(change: Partial<wire.LocalPackage> = {}): wire.LocalPackage {
  return {
    name: 'mylib',
    folder: '/home/ana/src/mylib',
    git: {
      url: 'https://git.example.org/lab/mylib.git',
      commit: '9f3c2e1000000000000000000000000000000000',
      clean: true,
      pushed: true
    },
    named: 'git',
    options: ['git', 'folder'],
    ...change
  };
}

/** What changed since the snapshot before. */
export function changed(
  first: Partial<wire.FirstChange> | null,
  more = 0
): wire.SnapshotChange {
  const base = { name: 'polars', change: 'added', before: null, after: '1.9.0' } as const;
  return { since: 's0', first: first && { ...base, ...first }, more };
}

export function preview(change: Partial<wire.SavePreview> = {}): wire.SavePreview {
  return {
    path: 'repo/environment.yml',
    exists: true,
    mode: 'update',
    format: 'environment-yaml',
    profile: 'versions',
    exclude: [],
    without: [],
    loose: [],
    text: TEXT,
    diff: [
      { sign: ' ', text: 'dependencies:', old: 1, new: 1 },
      { sign: '-', text: '  - numpy==1.26.4', old: 2, new: null },
      { sign: '+', text: '  - numpy==2.0.1', old: null, new: 2 }
    ],
    added: 1,
    removed: 1,
    base_digest: 'old',
    place_digest: 'here',
    document_digest: 'new',
    message: 'env: numpy 1.26.4 → 2.0.1',
    repository: {
      top: 'repo',
      branch: 'paper-2026',
      target: 'unchanged',
      staged_others: 2,
      hooks: [],
      signs: false,
      own_edits: []
    },
    commit_problem: null,
    findings: [],
    ...change
  };
}

export function saveReply(change: Partial<wire.SaveReply> = {}): wire.SaveReply {
  return {
    path: 'repo/environment.yml',
    written: true,
    digest: 'new',
    commit: {
      id: 'a1b2c3d4',
      short_id: 'a1b2c3d',
      branch: 'paper-2026',
      message: 'env: numpy',
      other_files: []
    },
    commit_problem: null,
    snapshot: null,
    ...change
  };
}

export function against(changes: Partial<wire.Against> = {}): wire.Against {
  return {
    name: 'environment.yml',
    same: true,
    requested: 0,
    indirect: 0,
    problem: null,
    ...changes
  };
}

function conda(
  name: string,
  version: string,
  change: Partial<wire.CondaPackage> = {}
): wire.CondaPackage {
  const base = { name, version, build: '0', channel: 'conda-forge', subdir: 'linux-64' };
  return { ...base, ...change };
}

/** As drawn: three that were asked for, some that came with them, and a variable. */
export function packageChanges(): wire.PackageChange[] {
  return [
    {
      name: 'numpy',
      change: 'upgraded',
      requested: true,
      conda_before: conda('numpy', '1.26.4'),
      conda_after: conda('numpy', '2.0.1')
    },
    {
      name: 'polars',
      change: 'added',
      requested: true,
      pypi_after: { name: 'polars', version: '1.9.0' }
    },
    {
      name: 'dask',
      change: 'removed',
      requested: true,
      conda_before: conda('dask', '2024.9.0')
    },
    {
      name: 'certifi',
      change: 'moved',
      requested: false,
      conda_before: conda('certifi', '2024.8.30'),
      pypi_after: { name: 'certifi', version: '2024.8.30' }
    },
    {
      name: 'fsspec',
      change: 'downgraded',
      requested: false,
      conda_before: conda('fsspec', '2024.9.0'),
      conda_after: conda('fsspec', '2024.6.1')
    }
  ];
}

export function diff(
  change: Partial<wire.DiffReply> & {
    packages?: wire.PackageChange[];
    facts?: wire.FactChange[];
  } = {}
): wire.DiffReply {
  const {
    packages = packageChanges(),
    facts = [{ name: 'OMP_NUM_THREADS', before: '4', after: '8' }],
    ...rest
  } = change;
  const side = {} as wire.Facts;
  return {
    before: 'file:environment.yml',
    after: 'kernel:k1',
    same: packages.length + facts.length === 0,
    requested: packages.filter(({ requested }) => requested).length,
    indirect: packages.filter(({ requested }) => !requested).length,
    changes: { packages, facts, before: side, after: side },
    ...rest
  };
}

export function drift(
  file: wire.Against | null = against(),
  snapshot: wire.Against | null = null
): wire.Drift {
  return {
    kernel_id: 'k1',
    name: 'climate',
    numbers: { file, snapshot },
    file: file && !file.problem ? diff({ before: `file:${file.name}` }) : null,
    snapshot: snapshot && !snapshot.problem ? diff({ before: 'snapshot:s1' }) : null,
    findings: []
  };
}

export const SETTINGS: wire.Settings = {
  on_shutdown: 'history',
  on_change: 'history',
  keep_days: 365,
  keep_count: 1000
};
