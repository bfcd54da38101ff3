import type { RecallRecord } from '../../src/contracts/recall.ts';

/** A record of which a test names only what it is about. */
export const recallRecord = (id: string, fields: Partial<RecallRecord> = {}): RecallRecord => ({
  id,
  summary: '',
  content: '',
  source_paths: [],
  repo_fingerprint: '',
  cwd: '/repo',
  thread_id: '',
  turn_id: '',
  source_updated_at: '2026-01-02T03:04:05Z',
  ...fields,
});
