import * as v from 'valibot';

/** projects/<bucket>/bucket.json: which repository this bucket belongs to. */
export const BucketFacts = v.looseObject({
  version: v.literal(1),
  root: v.string(),
  /** `dev:ino` of the root when the bucket was made; a moved repository keeps it. */
  identity: v.optional(v.nullable(v.string()), null),
  created_at: v.optional(v.string(), ''),
});
export type BucketFacts = v.InferOutput<typeof BucketFacts>;
