import { cutToBytes, oneLine, tokensOf, visibleText } from './context-text.ts';
import { isNoteId } from '../assets/note-records.ts';
import type { RecallAnswer, RecallResult } from './recall.ts';

export type RecallStatus = 'matched' | 'no_match' | 'not_triggered' | 'error';

/** One record among several; `--show` prints all of a longer one. */
const RECORD_BYTES = 6_000;

const NO_MATCH =
  'No earlier note matches. Go on with the current context, and do not guess what a note might have said.';
const ERROR =
  'The notes could not be read. Go on with the current context, and do not guess what a note might have said.';
const NOT_TRIGGERED = 'Nothing here asks for earlier notes. Go on with the current context.';

const WITHOUT_RESULTS = {
  matched: NO_MATCH,
  no_match: NO_MATCH,
  not_triggered: NOT_TRIGGERED,
  error: ERROR,
} satisfies Record<RecallStatus, string>;

/** The Markdown that a model reads (FORMATS, Recall). */
export function focusedRecall(status: RecallStatus, answer: Pick<RecallAnswer, 'query' | 'results'>): string {
  const head = [
    '## Focused Recall',
    '',
    `Status: ${status}`,
    `Query: ${cutToBytes(oneLine(answer.query), 400)}`,
    `Results: ${answer.results.length}`,
  ].join('\n');
  if (answer.results.length > 0) return `${head}\n\n${answer.results.map(recordSection).join('\n\n')}\n`;
  return `${head}\n\n${WITHOUT_RESULTS[status]}\n`;
}

function recordSection(result: RecallResult, index: number): string {
  const content = cutToBytes(visibleText(result.content).trim(), RECORD_BYTES);
  return `### ${index + 1}. ${oneLine(result.summary)}\n\n${content}\n\nProvenance: ${provenanceOf(result)}`;
}

/** Where a record comes from, in one line. */
function provenanceOf(result: RecallResult): string {
  const place = {
    repo: 'this repository',
    cwd: 'this folder',
    other: `another repository (${result.bucket ?? 'unknown'})`,
  };
  return [
    ...(isNoteId(result.id) ? ['memory'] : []),
    place[result.source],
    `id ${result.id}`,
    ...result.source_paths.slice(0, 8),
    ...(result.thread_id === '' ? [] : [`thread ${result.thread_id}`]),
    ...(result.turn_id === '' ? [] : [`turn ${result.turn_id}`]),
    `score ${result.score.toFixed(2)}`,
    `${tokensOf(result.content)} tokens`,
  ]
    .map(oneLine)
    .join(', ');
}

/** One whole record (`--show`). */
export const wholeRecord = (result: RecallResult): string =>
  `# ${oneLine(result.summary)}\n\n${visibleText(result.content).trim()}\n\nProvenance: ${provenanceOf(result)}\n`;
