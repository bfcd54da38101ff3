import * as v from 'valibot';
import { Tombstone } from './generation.ts';

/**
 * forgetting/<run>.json: what a `forget` still has to purge. It lies there from just before its
 * commit until the last copy of the text is gone, so that a purge that died is finished by the next
 * compile. It holds the text itself, as everything does that it is about.
 */
export const ForgetOrder = v.strictObject({
  schema_version: v.literal(1),
  run: v.string(),
  /** The generation that forgets; nothing was committed when another run has that number. */
  generation: v.number(),
  keep_history: v.boolean(),
  /** Texts that must be found nowhere afterwards. */
  texts: v.array(v.string()),
  memory: v.array(v.strictObject({ scope: v.string(), summary: v.string() })),
  recall: v.array(v.string()),
  skills: v.array(v.string()),
  tombstones: v.array(Tombstone),
  /** Envelopes that the entries came from: what their reviews were shown goes as a whole. */
  envelopes: v.array(v.string()),
});
export type ForgetOrder = v.InferOutput<typeof ForgetOrder>;
