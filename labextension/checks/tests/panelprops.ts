import { screen } from '@testing-library/react';
import type { IPanelProps } from '../../src/components/PanelView';
import type { IComparing } from '../../src/comparing';
import { NO_FILTER } from '../../src/history';
import type { State } from '../../src/state';
import { diff, FORMATS, reading, SUBJECT, trans, YAML } from './samples';

export const READY: Extract<State, { kind: 'ready' }> = {
  kind: 'ready',
  subject: SUBJECT,
  reading: reading(),
  standing: { kind: 'differs', path: 'repo/environment.yml', requested: 3, indirect: 0 },
  refreshing: false
};

const COMPARING: IComparing = {
  before: { reference: 'file:repo/environment.yml', snapshot: null },
  after: { reference: 'kernel:k1', snapshot: null },
  own: true,
  file: 'repo/environment.yml',
  result: { kind: 'ready', diff: diff() }
};

/** What the panel is told, where everything is well. */
export function panelProps(change: Partial<IPanelProps> = {}): IPanelProps {
  return {
    trans,
    state: READY,
    tab: 'environment',
    past: null,
    history: { kind: 'unread' },
    filter: NO_FILTER,
    since: null,
    comparing: COMPARING,
    problem: null,
    mayWrite: true,
    asking: { kind: 'none' },
    askObstacle: null,
    busy: false,
    writing: {
      ...FORMATS,
      groups: FORMATS.groups ?? [],
      format: YAML,
      profile: 'versions',
      keptProfile: 'versions',
      omission: { exclude: [], without: [] }
    },
    now: new Date(2026, 10, 22, 14, 5),
    onRun: jest.fn(),
    onTab: jest.fn(),
    onMore: jest.fn(),
    onCopy: jest.fn(),
    onOpen: jest.fn(),
    onFilter: jest.fn(),
    onCompareSnapshots: jest.fn(),
    onMoreHistory: jest.fn(),
    onRetryHistory: jest.fn(),
    onBackToNow: jest.fn(),
    onCompare: jest.fn(),
    onSwap: jest.fn(),
    onCompareAgain: jest.fn(),
    onSnapshots: jest.fn(),
    onFormat: jest.fn(),
    onProfile: jest.fn(),
    onOmission: jest.fn(),
    onRead: jest.fn(),
    onLeave: jest.fn(),
    ...change
  };
}

/** The button of this name. */
export function button(name: string | RegExp): HTMLElement {
  return screen.getByRole('button', { name });
}
