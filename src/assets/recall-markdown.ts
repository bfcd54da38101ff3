import type { RecallRecord } from '../contracts/recall.ts';

/** recall/compiled.md: every record for people to read. */
export const renderRecallMarkdown = (records: readonly RecallRecord[]): string =>
  ['# Compiled Recall\n', ...records.map(renderRecallNote)].join('\n');

export function renderRecallNote(record: RecallRecord): string {
  const origin = [record.thread_id, record.turn_id, ...record.source_paths].filter((part) => part !== '').join(', ');
  return `## ${record.summary}\n\n${record.content}\n\nProvenance: ${origin || 'unknown'}\n`;
}
