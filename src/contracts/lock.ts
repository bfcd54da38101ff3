import * as v from 'valibot';

/** compiler/compile.lock: who compiles. The Python plugin wrote `created_at` and `pid` only. */
export const LockOwner = v.looseObject({
  created_at: v.string(),
  pid: v.number(),
  host: v.optional(v.string()),
  boot_id: v.optional(v.nullable(v.string())),
  process_start: v.optional(v.nullable(v.string())),
  run: v.optional(v.string()),
});
export type LockOwner = v.InferOutput<typeof LockOwner>;

export const StaleReason = v.picklist(['pid_not_alive', 'negative_age', 'exceeded_max_age']);
export type StaleReason = v.InferOutput<typeof StaleReason>;

/** What `compile-preflight` and `status` say of a bucket's lock. */
export const LockStatus = v.strictObject({
  locked: v.boolean(),
  stale: v.boolean(),
  stale_reason: v.nullable(StaleReason),
  pid_alive: v.nullable(v.boolean()),
  age_seconds: v.nullable(v.number()),
  owner_pid: v.nullable(v.number()),
  path: v.string(),
});
export type LockStatus = v.InferOutput<typeof LockStatus>;

export const Preflight = v.strictObject({
  status: v.picklist(['run', 'skip_empty', 'skip_locked']),
  pending: v.number(),
  retryable_failed: v.number(),
  lock: v.optional(LockStatus),
});
export type Preflight = v.InferOutput<typeof Preflight>;
