import {
  isBoolean,
  isNumber,
  isString,
  listOf,
  optional,
  orNull,
  record,
  type Guard
} from './shape';
import type * as wire from './wire';

// What the page relies on in each reply.

const finding = record({ code: isString, message: isString });
const prefix = record({ path: isString, kind: isString });
const named = record({ name: isString, version: isString });

export const errorReply = record({
  code: isString,
  message: isString
}) as Guard<wire.ErrorReply>;

export const snapshot = record({
  id: isString,
  taken_at: isString,
  reason: isString,
  digest: isString,
  name: isString,
  conda_count: isNumber,
  pypi_count: isNumber
}) as Guard<wire.Snapshot>;

const candidate = record({ prefix, how: isString, confidence: isString });

export const kernelEnvironment = record({
  kernel_id: isString,
  display_name: isString,
  state: isString,
  prefix: orNull(prefix),
  how: isString,
  confidence: isString,
  alternatives: optional(listOf(candidate)),
  findings: optional(listOf(finding)),
  problem: optional(errorReply),
  first_reading: optional(record({ done: isNumber, total: isNumber }))
}) as Guard<wire.KernelEnvironment>;

const against = record({
  name: isString,
  same: isBoolean,
  requested: isNumber,
  indirect: isNumber,
  problem: optional(orNull(errorReply))
});

const version = optional(named);

export const diff = record({
  before: isString,
  after: isString,
  same: isBoolean,
  changes: record({
    packages: listOf(
      record({
        name: isString,
        change: isString,
        requested: isBoolean,
        conda_before: version,
        conda_after: version,
        pypi_before: version,
        pypi_after: version
      })
    ),
    facts: listOf(
      record({ name: isString, before: orNull(isString), after: orNull(isString) })
    )
  })
}) as Guard<wire.DiffReply>;

export const drift = record({
  kernel_id: isString,
  name: isString,
  numbers: record({ file: orNull(against), snapshot: orNull(against) }),
  file: orNull(diff),
  snapshot: orNull(diff),
  changing: optional(isString)
}) as Guard<wire.Drift>;

export const settings = record({
  on_shutdown: isString,
  on_change: isString,
  keep_days: orNull(isNumber),
  keep_count: orNull(isNumber)
}) as Guard<wire.Settings>;

export const kernelList = record({
  kernels: listOf(kernelEnvironment)
}) as Guard<wire.KernelList>;

export const knownPrefixes = record({
  prefixes: listOf(
    record({ prefix, name: isString, kernels: optional(listOf(isString)) })
  )
}) as Guard<wire.KnownPrefixes>;

export const environment = record({
  digest: isString,
  name: isString,
  kind: isString,
  python: orNull(isString),
  conda: optional(listOf(named)),
  pypi: optional(listOf(named)),
  platform: isString,
  pins: optional(listOf(isString)),
  virtual_packages: optional(listOf(named)),
  findings: optional(listOf(finding))
}) as Guard<wire.Environment>;

export const formatList = record({
  formats: listOf(
    record({
      name: isString,
      filename: isString,
      profiles: listOf(record({ name: isString, label: isString, description: isString }))
    })
  ),
  groups: optional(listOf(record({ name: isString, packages: listOf(isString) })))
}) as Guard<wire.FormatList>;

const localPackage = record({
  name: isString,
  folder: isString,
  git: orNull(record({ url: isString, commit: isString })),
  named: isString,
  options: listOf(isString)
});

export const outline = record({
  format: isString,
  profile: isString,
  entries: listOf(
    record({
      line: isNumber,
      name: isString,
      version: isString,
      why: isString,
      because: optional(listOf(isString))
    })
  ),
  findings: listOf(finding),
  local: optional(listOf(localPackage))
}) as Guard<wire.Outline>;

export const snapshotTaken = record({
  snapshot,
  unchanged_since: orNull(snapshot)
}) as Guard<wire.SnapshotTaken>;

const change = record({
  since: orNull(isString),
  first: orNull(
    record({
      name: isString,
      change: isString,
      before: orNull(isString),
      after: orNull(isString)
    })
  ),
  more: isNumber
});

const listed = record({ change: optional(change) });

export const snapshotPage = record({
  snapshots: listOf(value => snapshot(value) && listed(value)),
  next: orNull(isString),
  kept: optional(record({ count: isNumber, since: orNull(isString) }))
}) as Guard<wire.SnapshotPage>;

const diffLine = record({ sign: isString, text: isString });

const repository = record({
  top: isString,
  branch: orNull(isString),
  target: isString,
  staged_others: isNumber,
  hooks: listOf(isString),
  signs: isBoolean,
  own_edits: listOf(diffLine)
});

export const savePreview = record({
  path: isString,
  exists: isBoolean,
  mode: isString,
  format: isString,
  profile: isString,
  exclude: listOf(isString),
  without: listOf(isString),
  loose: listOf(isString),
  local: optional(listOf(localPackage)),
  text: isString,
  diff: listOf(diffLine),
  added: isNumber,
  removed: isNumber,
  base_digest: orNull(isString),
  place_digest: orNull(isString),
  document_digest: isString,
  message: isString,
  repository: orNull(repository),
  commit_problem: orNull(errorReply),
  findings: listOf(finding)
}) as Guard<wire.SavePreview>;

export const saveReply = record({
  path: isString,
  written: isBoolean,
  commit: orNull(
    record({
      id: isString,
      short_id: isString,
      other_files: optional(listOf(isString)),
      findings: optional(listOf(finding))
    })
  ),
  commit_problem: orNull(errorReply)
}) as Guard<wire.SaveReply>;
