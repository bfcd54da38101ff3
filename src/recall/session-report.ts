import { readKnowledge } from '../assets/read-memory.ts';
import { renderMemoryMarkdown } from '../assets/memory-markdown.ts';
import { repoFingerprint } from '../bucket/repo-fingerprint.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { World } from '../kernel/world.ts';
import { RECALL_POLICY, RECALL_SKILL_ID, RECALL_SKILL_TITLE, recallSkillContent } from './recall-contract.ts';
import type { BucketPlace } from './session-bucket.ts';
import { startSession } from './start-session.ts';

export interface ReportRequest extends BucketPlace {
  /** Absolute path of csep.js. */
  program: string;
}

/** What `session-start --cwd` prints, for programs other than Codex (FORMATS, Recall). */
export async function sessionReport(world: World, request: ReportRequest) {
  // Nobody's session: nothing is remembered as given.
  const asked = { ...request, sessionId: '', source: 'startup', transcriptPath: null } as const;
  const { bucket, context } = await startSession(world, asked);
  if (!bucket) return noBucket(request.cwd);
  const { layout, root } = bucket;
  const { memory, generation } = readKnowledge(layout);
  return succeed({
    hook: 'SessionStart',
    cwd: request.cwd,
    repo_fingerprint: repoFingerprint(root),
    state_dir: layout.stateDir,
    stable_background: {
      current_user_md: renderMemoryMarkdown('user', memory.user, generation ?? 0),
      current_memory_md: renderMemoryMarkdown('global', memory.global, generation ?? 0),
      combined_prefix: context ?? '',
    },
    recall: {
      policy: RECALL_POLICY,
      skill: { skill_id: RECALL_SKILL_ID, title: RECALL_SKILL_TITLE, content: recallSkillContent(request.program) },
      trigger_defaults: { same_repo_first: true, same_cwd_first: true, auto_trigger: true },
    },
    runtime: {
      managed_skills_manifest_path: layout.manifest,
      review_snapshots_dir: layout.snapshots,
      session_context: { thread_start_injected: context !== undefined, repo_root: root, state_dir: layout.stateDir },
    },
  });
}

/** Only a home that can neither be read nor written has none. */
const noBucket = (cwd: string): Result<never> =>
  fail({ reason: 'file-unreadable', path: cwd, detail: 'its bucket can neither be made nor read' });
