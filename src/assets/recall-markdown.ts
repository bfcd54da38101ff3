import type { RecallRecord } from '../contracts/recall.ts';

/** recall/compiled.md: every record for people to read. */
export function renderRecallMarkdown(records: readonly RecallRecord[]): string {
  const parts = records.map((record) => {
    const origin = [record.thread_id, record.turn_id, ...record.source_paths].filter((part) => part !== '').join(', ');
    return `## ${record.summary}\n\n${record.content}\n\nProvenance: ${origin || 'unknown'}\n`;
  });
  return ['# Compiled Recall\n', ...parts].join('\n');
}
