import * as v from 'valibot';
import { Sha256 } from './ids.ts';
import { Receipt } from './receipt.ts';

/** Where an applied envelope ended. */
export const AppliedOutcome = v.picklist(['done', 'discarded', 'failed']);
export type AppliedOutcome = v.InferOutput<typeof AppliedOutcome>;

/** suggestion_id → outcome, inherited from generation to generation: the exactly-once guarantee. */
export const Ledger = v.record(v.string(), v.strictObject({ outcome: AppliedOutcome, at: v.string() }));
export type Ledger = v.InferOutput<typeof Ledger>;

/** What `forget` leaves behind: hashes of shingles, never the text. */
export const Tombstone = v.strictObject({
  at: v.string(),
  scope: v.picklist(['user', 'global', 'recall', 'skill', 'all']),
  shingles: v.array(v.string()),
});
export type Tombstone = v.InferOutput<typeof Tombstone>;

export const RecallChunk = v.strictObject({ name: v.string(), records: v.number() });
export type RecallChunk = v.InferOutput<typeof RecallChunk>;

/** Mirror (path inside the bucket) → top-level keys that a person or an older program wrote there. */
export const KeptKeys = v.record(v.string(), v.record(v.string(), v.unknown()));
export type KeptKeys = v.InferOutput<typeof KeptKeys>;

/** generations/<n>/generation.json: what one promoted state consists of. */
export const Generation = v.strictObject({
  schema_version: v.literal(1),
  generation: v.pipe(v.number(), v.integer(), v.minValue(1)),
  from: v.nullable(v.number()),
  run: v.string(),
  cause: v.picklist(['compile', 'rollback', 'forget', 'migrate']),
  created_at: v.string(),
  /** After a rollback: the generation whose content this one has. */
  restored: v.optional(v.number()),
  files: v.record(v.string(), v.strictObject({ sha256: Sha256, size: v.number() })),
  recall_chunks: v.array(RecallChunk),
  /** sha256 of every mirror as this generation renders it: tells a mirror that lags from one that was edited. */
  mirrors: v.record(v.string(), Sha256),
  /** sha256 of files whose content was taken into this generation (an older home, a hand edit). */
  adopted: v.record(v.string(), v.array(Sha256)),
  kept_keys: v.optional(KeptKeys),
  applied: Ledger,
  tombstones: v.array(Tombstone),
  receipt: Receipt,
  origin: v.optional(v.unknown()),
  evidence: v.optional(v.unknown()),
});
export type Generation = v.InferOutput<typeof Generation>;

const MirrorFacts = v.strictObject({ sha256: Sha256, size: v.number(), mtimeNs: v.string(), ino: v.string() });

/** mirrors.json: which generation the mirrors show, and how their files looked when they were written. */
export const MirrorState = v.strictObject({
  schema_version: v.literal(1),
  generation: v.number(),
  files: v.record(v.string(), MirrorFacts),
  /** SKILL.md files in Codex's skills folders, by absolute path, as they were left. */
  published: v.optional(v.record(v.string(), MirrorFacts)),
});
export type MirrorState = v.InferOutput<typeof MirrorState>;
