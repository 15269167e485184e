import {
  isBoolean,
  isNumber,
  isString,
  listOf,
  optional,
  orNull,
  record,
  type Check
} from './shape';

/** What the page relies on in each reply; the types are in `wire.ts`. */
const finding = record({ code: isString, message: isString });
const prefix = record({ path: isString, kind: isString });
const named = record({ name: isString, version: isString });

export const errorReply = record({ code: isString, message: isString });

const snapshot = record({
  id: isString,
  taken_at: isString,
  reason: isString,
  digest: isString,
  name: isString,
  conda_count: isNumber,
  pypi_count: isNumber
});

export const kernelList: Check = record({
  kernels: listOf(
    record({
      kernel_id: isString,
      display_name: isString,
      state: isString,
      prefix: orNull(prefix),
      name: orNull(isString),
      how: isString,
      confidence: isString,
      problem: optional(errorReply)
    })
  )
});

export const environment: Check = record({
  digest: isString,
  name: isString,
  kind: isString,
  python: orNull(isString),
  conda: optional(listOf(named)),
  pypi: optional(listOf(named)),
  findings: optional(listOf(finding))
});

export const formatList: Check = record({
  formats: listOf(
    record({
      name: isString,
      filename: isString,
      profiles: listOf(record({ name: isString, label: isString }))
    })
  )
});

export const snapshotTaken: Check = record({
  snapshot,
  unchanged_since: orNull(snapshot)
});

export const snapshotPage: Check = record({
  snapshots: listOf(snapshot),
  next: orNull(isString)
});

export const savePreview: Check = record({
  path: isString,
  exists: isBoolean,
  text: isString,
  diff: listOf(record({ sign: isString, text: isString })),
  added: isNumber,
  removed: isNumber,
  base_digest: orNull(isString),
  document_digest: isString,
  message: isString,
  repository: orNull(record({ top: isString, staged_others: isNumber })),
  commit_problem: orNull(errorReply),
  findings: listOf(finding)
});

export const saveReply: Check = record({
  path: isString,
  written: isBoolean,
  commit: orNull(record({ id: isString, short_id: isString })),
  commit_problem: orNull(errorReply)
});
