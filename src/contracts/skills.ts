import * as v from 'valibot';

/** Only entries with this owner (and `managed`) are ever changed by a compile. */
export const PLUGIN_OWNER = 'codex-self-evolution-plugin';

/** One line of skills/manifest.json. The Python plugin wrote absolute paths. */
export const ManifestEntry = v.looseObject({
  skill_id: v.string(),
  action: v.optional(v.string(), 'create'),
  title: v.optional(v.string(), ''),
  path: v.optional(v.string(), ''),
  status: v.optional(v.picklist(['active', 'retired']), 'active'),
  owner: v.optional(v.string(), ''),
  managed: v.optional(v.boolean(), false),
  created_by: v.optional(v.string(), ''),
  updated_at: v.optional(v.string(), ''),
  retired_at: v.optional(v.nullable(v.string()), null),
  description: v.optional(v.string()),
  content_sha256: v.optional(v.string()),
});
export type ManifestEntry = v.InferOutput<typeof ManifestEntry>;

export const Manifest = v.looseObject({ skills: v.optional(v.array(ManifestEntry), []) });
export type Manifest = v.InferOutput<typeof Manifest>;

/** A manifest entry together with its body, as a generation keeps it (skills.json). */
export const Skill = v.looseObject({ ...ManifestEntry.entries, content: v.optional(v.string(), '') });
export type Skill = v.InferOutput<typeof Skill>;

export const SkillSet = v.looseObject({ skills: v.optional(v.array(Skill), []) });
export type SkillSet = v.InferOutput<typeof SkillSet>;
