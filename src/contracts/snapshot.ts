import * as v from 'valibot';
import { SourceAuthority } from './envelope.ts';

/** What a reviewer is shown, as it lies under review/snapshots. All text is redacted. */
export const Snapshot = v.strictObject({
  context: v.strictObject({
    session_id: v.string(),
    thread_id: v.string(),
    turn_id: v.string(),
    cwd: v.string(),
    repo_root: v.string(),
    state_dir: v.string(),
    triggered_at: v.string(),
  }),
  turn_snapshot: v.strictObject({
    transcript: v.string(),
    thread_read_output: v.string(),
    last_assistant_message: v.string(),
    hook_payload_excerpt: v.record(v.string(), v.unknown()),
  }),
  comparison_materials: v.strictObject({
    current_user_md: v.string(),
    current_memory_md: v.string(),
    managed_skills_summary: v.array(
      v.strictObject({ skill_id: v.string(), title: v.string(), description: v.string(), status: v.string() }),
    ),
  }),
  source_authority: v.array(SourceAuthority),
  provider_stub_response: v.optional(v.unknown()),
  reviewer_provider: v.string(),
});
export type Snapshot = v.InferOutput<typeof Snapshot>;
