import * as v from 'valibot';
import { HealthRecord } from './health.ts';
import { LockStatus } from './lock.ts';

const nullableText = v.nullable(v.string());
const Trust = v.nullable(v.picklist(['trusted', 'untrusted', 'modified', 'disabled']));

/** One program that the loop may call. */
const Tool = v.strictObject({
  available: v.boolean(),
  path: nullableText,
  version: nullableText,
  error: nullableText,
});
export type Tool = v.InferOutput<typeof Tool>;

const LastReceipt = v.strictObject({
  generation: v.nullable(v.number()),
  ended_at: nullableText,
  backend: nullableText,
  fallback_backend: nullableText,
  processed_count: v.number(),
  discarded_count: v.number(),
  path: v.string(),
  error: nullableText,
});

const BucketStatus = v.strictObject({
  project: v.string(),
  state_dir: v.string(),
  root: nullableText,
  archived: v.boolean(),
  counts: v.strictObject({
    pending: v.number(),
    processing: v.number(),
    done: v.number(),
    failed: v.number(),
    discarded: v.number(),
    retryable_failed: v.number(),
    queued: v.number(),
    generations: v.number(),
    /** Files that nothing could be done with, kept in set-aside/. */
    set_aside: v.number(),
    /** Suggestions that compile.mode = review keeps until a person has said yes or no. */
    awaiting_yes: v.number(),
    /** Hand edits that could not be read. */
    unparsable_edits: v.number(),
    /** Plans that wait for a yes. */
    proposals: v.number(),
  }),
  generation: v.nullable(v.number()),
  /** Bytes of what people and sessions read. */
  sizes: v.strictObject({
    user_md: v.number(),
    memory_md: v.number(),
    recall_index: v.number(),
    usage: v.number(),
  }),
  lock: v.nullable(LockStatus),
  last_receipt: v.nullable(LastReceipt),
  /** Records given to sessions in 24 hours. */
  usage: v.strictObject({ injected: v.number(), shown: v.number(), asked: v.number(), in_vain: v.number() }),
  /** Paths of the hand edits that could not be read. */
  unparsable_edits: v.array(v.string()),
  /** What could not be read, in words. */
  problems: v.array(v.string()),
});
export type BucketStatus = v.InferOutput<typeof BucketStatus>;

/** What `status` prints (FORMATS, Status): paths, names, counts and times; never a key's value, never a note's text. */
export const Status = v.strictObject({
  timestamp: v.string(),
  home: v.string(),
  hooks: v.strictObject({
    file: v.string(),
    exists: v.boolean(),
    stop_installed: v.boolean(),
    session_start_installed: v.boolean(),
    prompt_recall_installed: v.boolean(),
    trust: Trust,
    error: nullableText,
  }),
  plugin_hooks: v.strictObject({
    plugin_root: nullableText,
    manifest_path: nullableText,
    manifest_exists: v.boolean(),
    hooks_path: nullableText,
    hooks_file_exists: v.boolean(),
    session_start_declared: v.boolean(),
    stop_declared: v.boolean(),
    trust: Trust,
    error: nullableText,
  }),
  scheduler: v.strictObject({
    kind: nullableText,
    label: nullableText,
    unit_path: nullableText,
    unit_exists: v.boolean(),
    loaded: v.nullable(v.boolean()),
    /** scheduled_at: when a scheduler last started a scan. */
    last_tick: v.nullable(v.looseObject({ at: v.string(), scheduled_at: nullableText })),
    error: nullableText,
  }),
  env_provider: v.strictObject({
    path: v.string(),
    exists: v.boolean(),
    mode: nullableText,
    keys_set: v.array(v.string()),
    keys_unset: v.array(v.string()),
    other_keys_set: v.array(v.string()),
  }),
  tools: v.strictObject({ node: Tool, codex: Tool, opencode: Tool }),
  review: v.strictObject({
    queued: v.number(),
    oldest: nullableText,
    budget: v.strictObject({
      calls: v.number(),
      tokens: v.number(),
      used_today: v.strictObject({ calls: v.number(), tokens: v.number() }),
    }),
    last_error: nullableText,
  }),
  /** Steps that have failed, and since when; a step that never failed is not in it. */
  health: HealthRecord.entries.steps,
  buckets: v.array(BucketStatus),
  recent_activity: v.strictObject({
    window_hours: v.literal(24),
    stop_review: v.strictObject({ stops: v.number(), hook_failures: v.number(), review_failures: v.number() }),
    scan: v.strictObject({
      last_tick: nullableText,
      promotions: v.number(),
      processed: v.number(),
      discarded: v.number(),
      fallbacks: v.number(),
      bucket_failures: v.number(),
    }),
    recall: v.strictObject({
      session_starts: v.number(),
      prompts: v.number(),
      asked: v.number(),
      injected: v.number(),
      shown: v.number(),
      in_vain: v.number(),
    }),
    retries: v.strictObject({ reviews: v.number(), envelopes: v.number() }),
  }),
  /** Folders in projects/ that look like buckets and are not used, and why. */
  problems: v.array(v.string()),
});
export type Status = v.InferOutput<typeof Status>;
