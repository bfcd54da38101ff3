import * as v from 'valibot';

/** One note that can be found again. `id` = first 12 hex of sha1(content). */
export const RecallRecord = v.looseObject({
  id: v.string(),
  summary: v.string(),
  content: v.string(),
  source_paths: v.optional(v.array(v.string()), []),
  repo_fingerprint: v.optional(v.string(), ''),
  cwd: v.optional(v.string(), ''),
  thread_id: v.optional(v.string(), ''),
  turn_id: v.optional(v.string(), ''),
  source_updated_at: v.optional(v.string(), ''),
  aliases: v.optional(v.array(v.string())),
  created_at: v.optional(v.string()),
});
export type RecallRecord = v.InferOutput<typeof RecallRecord>;

/** recall/index.json. */
export const RecallIndex = v.looseObject({
  records: v.optional(v.array(RecallRecord), []),
  /** Names the records that it was written with; tells what a hand edit started from. */
  state: v.optional(v.string()),
});
export type RecallIndex = v.InferOutput<typeof RecallIndex>;
