import * as v from 'valibot';
import { OUTSIDE_NAME } from './outside-name.ts';

/** Identity of one envelope; also its file name without `.json`. */
export const SuggestionId = v.pipe(v.string(), v.regex(OUTSIDE_NAME), v.brand('SuggestionId'));
export type SuggestionId = v.InferOutput<typeof SuggestionId>;

/** Identity of one managed skill inside its bucket (kebab-case). */
export const SkillId = v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/), v.maxLength(64));
export type SkillId = v.InferOutput<typeof SkillId>;

/** ISO 8601 in UTC with whole seconds, as the Python plugin wrote it; older offsets are read too. */
export const Timestamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/));

export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
