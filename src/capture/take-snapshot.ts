import { SOURCE_AUTHORITY } from '../contracts/envelope.ts';
import type { SourceAuthority } from '../contracts/envelope.ts';
import { safeName } from '../kernel/digest.ts';
import type { Snapshot } from '../contracts/snapshot.ts';
import { idempotencyKey } from './seal-envelope.ts';

/** Everything that a snapshot shows. The caller has redacted all of it. */
export interface SnapshotMaterial {
  context: Snapshot['context'];
  /** Rendered transcript. */
  transcript: string;
  threadReadOutput: string;
  lastAssistantMessage: string;
  /** The hook's own words; only short values are kept. */
  payload: Record<string, unknown>;
  userMd: string;
  memoryMd: string;
  skills: Snapshot['comparison_materials']['managed_skills_summary'];
  /** What was really used, in any order. */
  used: ReadonlySet<SourceAuthority>;
  providerStub?: unknown;
  provider: string;
}

/** Bounds in characters: a reviewer's window is large but not endless, and the file stays readable. */
export const LONGEST = {
  transcript: 400_000,
  threadRead: 200_000,
  lastMessage: 20_000,
  knowledge: 40_000,
  excerpt: 400,
};
const MOST_SKILLS = 200;

/** Puts the snapshot together: pure, bounded, sources in their fixed order. */
export function takeSnapshot(material: SnapshotMaterial): Snapshot {
  return {
    context: material.context,
    turn_snapshot: {
      // The end of a session is what is new in it.
      transcript: lastPart(material.transcript, LONGEST.transcript),
      thread_read_output: lastPart(material.threadReadOutput, LONGEST.threadRead),
      last_assistant_message: firstPart(material.lastAssistantMessage, LONGEST.lastMessage),
      hook_payload_excerpt: excerptOf(material.payload),
    },
    comparison_materials: {
      current_user_md: firstPart(material.userMd, LONGEST.knowledge),
      current_memory_md: firstPart(material.memoryMd, LONGEST.knowledge),
      managed_skills_summary: material.skills.slice(0, MOST_SKILLS),
    },
    source_authority: SOURCE_AUTHORITY.filter((source) => material.used.has(source)),
    ...(material.providerStub === undefined ? {} : { provider_stub_response: material.providerStub }),
    reviewer_provider: material.provider,
  };
}

/**
 * File name of a snapshot: `<thread>-<12 hex>.json`. It derives from the review's identity, so that a
 * review that is repeated replaces its snapshot instead of leaving one more.
 */
export const snapshotName = (threadId: string, start: string): string =>
  `${safeName(threadId)}-${idempotencyKey(threadId, start).slice(0, 12)}.json`;

const OMISSION = '\n[… left out …]\n';

const firstPart = (text: string, limit: number): string =>
  text.length <= limit ? text : text.slice(0, limit - OMISSION.length) + OMISSION;

const lastPart = (text: string, limit: number): string =>
  text.length <= limit ? text : OMISSION + text.slice(text.length - limit + OMISSION.length);

/** Ids, paths, flags: what identifies the call. Long texts have their own place in the snapshot. */
function excerptOf(payload: Record<string, unknown>): Record<string, unknown> {
  const excerpt: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(payload).slice(0, 40)) {
    if (typeof value === 'string') excerpt[key] = firstPart(value, LONGEST.excerpt);
    else if (value === null || typeof value === 'number' || typeof value === 'boolean') excerpt[key] = value;
  }
  return excerpt;
}
