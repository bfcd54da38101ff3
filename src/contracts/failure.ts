/**
 * What can go wrong, as data. Each row has exactly the facts that its sentence needs;
 * `commands/describe.ts` is the only place that turns them into English.
 */
export type Failure =
  | { reason: 'usage'; detail: string }
  | { reason: 'file-missing'; path: string }
  | { reason: 'file-unreadable'; path: string; detail: string }
  | { reason: 'file-invalid'; path: string; detail: string }
  | { reason: 'file-too-large'; path: string; size: number; limit: number }
  | { reason: 'newer-schema'; path: string; version: number }
  | { reason: 'disk-failed'; operation: string; path: string; code: string }
  | { reason: 'symlink-refused'; path: string }
  | { reason: 'bucket-locked'; bucket: string; ownerPid: number | null }
  | { reason: 'lock-lost'; bucket: string }
  | { reason: 'race-lost'; bucket: string; generation: number }
  | { reason: 'answer-unparsable'; detail: string; raw: string }
  | { reason: 'answer-rejected'; rule: string; detail: string }
  | { reason: 'install-conflict'; what: string; fix: string }
  | { reason: 'not-configured'; what: string; fix: string }
  | { reason: 'model-refused'; provider: string; status: number; detail: string }
  | { reason: 'model-unreachable'; provider: string; detail: string }
  | { reason: 'model-timed-out'; provider: string; afterMs: number }
  | { reason: 'agent-unavailable'; agent: string; detail: string }
  | { reason: 'agent-failed'; agent: string; detail: string }
  | { reason: 'scheduler-unavailable'; detail: string }
  | { reason: 'scheduler-taken'; path: string }
  | { reason: 'program-failed'; program: string; detail: string }
  /** `what` was not asked. */
  | { reason: 'budget-used-up'; what: string }
  | { reason: 'aborted'; what: string };

/** Outcome of anything that may fail for a reason outside the program. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (failure: Failure): { ok: false; failure: Failure } => ({ ok: false, failure });
