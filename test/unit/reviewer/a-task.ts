import type { Snapshot } from '../../../src/contracts/snapshot.ts';
import type { ReviewTask } from '../../../src/reviewer/reviewer.ts';

interface TaskParts {
  transcript?: string;
  userMd?: string;
  memoryMd?: string;
  stub?: unknown;
  stateDir?: string;
  skills?: Snapshot['comparison_materials']['managed_skills_summary'];
  turn?: Partial<Snapshot['turn_snapshot']>;
}

export const NONCE = 'n0nce-7f3a9c51';

/** A task about a short session, with the parts that a test cares about. */
export function aTask(parts: TaskParts = {}): ReviewTask {
  const transcript = parts.transcript ?? 'user: use pnpm here, never npm\nassistant: I will.';
  return {
    snapshot: {
      context: {
        session_id: 's-1',
        thread_id: 't-1',
        turn_id: 'turn-1',
        cwd: '/projects/shop/api',
        repo_root: '/projects/shop',
        state_dir: parts.stateDir ?? '/state/shop',
        triggered_at: '2026-05-01T10:00:00Z',
      },
      turn_snapshot: {
        transcript,
        thread_read_output: '',
        last_assistant_message: 'I will.',
        hook_payload_excerpt: {},
        ...parts.turn,
      },
      comparison_materials: {
        current_user_md: parts.userMd ?? '',
        current_memory_md: parts.memoryMd ?? '',
        managed_skills_summary: parts.skills ?? [],
      },
      source_authority: ['transcript'],
      ...(parts.stub === undefined ? {} : { provider_stub_response: parts.stub }),
      reviewer_provider: 'dummy',
    },
    items: [{ kind: 'user', text: transcript, at: '2026-05-01T10:00:00Z', turnId: 'turn-1' }],
    nonce: NONCE,
  };
}
