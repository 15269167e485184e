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

const snapshot = record({
  id: isString,
  taken_at: isString,
  reason: isString,
  digest: isString,
  name: isString,
  conda_count: isNumber,
  pypi_count: isNumber
});

export const kernelList = record({
  kernels: listOf(
    record({
      kernel_id: isString,
      display_name: isString,
      state: isString,
      prefix: orNull(prefix),
      how: isString,
      confidence: isString,
      problem: optional(errorReply)
    })
  )
}) as Guard<wire.KernelList>;

export const environment = record({
  digest: isString,
  name: isString,
  kind: isString,
  python: orNull(isString),
  conda: optional(listOf(named)),
  pypi: optional(listOf(named)),
  findings: optional(listOf(finding))
}) as Guard<wire.Environment>;

export const formatList = record({
  formats: listOf(
    record({
      name: isString,
      filename: isString,
      profiles: listOf(record({ name: isString, label: isString }))
    })
  )
}) as Guard<wire.FormatList>;

export const snapshotTaken = record({
  snapshot,
  unchanged_since: orNull(snapshot)
}) as Guard<wire.SnapshotTaken>;

export const snapshotPage = record({
  snapshots: listOf(snapshot),
  next: orNull(isString)
}) as Guard<wire.SnapshotPage>;

export const savePreview = record({
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
}) as Guard<wire.SavePreview>;

export const saveReply = record({
  path: isString,
  written: isBoolean,
  commit: orNull(record({ id: isString, short_id: isString })),
  commit_problem: orNull(errorReply)
}) as Guard<wire.SaveReply>;
