import type { RecallRecord } from '../contracts/recall.ts';
import { renderJson } from '../kernel/render-json.ts';
import { renderRecallMarkdown, renderRecallNote } from './recall-markdown.ts';

/** The two mirrors that show recall: recall/index.json and recall/compiled.md. */
export interface RecallMirrors {
  index: Buffer;
  markdown: Buffer;
}

const INDEX_HEAD = '{\n  "records": [\n';
/** Of the same length whatever the state, which is 16 hexadecimal digits. */
const indexTail = (state: string): string => `\n  ],\n  "state": ${JSON.stringify(state)}\n}\n`;
const TAIL_LENGTH = indexTail('0'.repeat(16)).length;
const INDEX_TAIL = /^\n {2}\],\n {2}"state": "[0-9a-f]{16}"\n\}\n$/;

/**
 * Both mirrors of all records, from scratch.
 * @param state names these very records: an edit of the index is compared with what its writer saw
 * @param keys of the index that are not ours
 */
export const renderRecallMirrors = (
  records: readonly RecallRecord[],
  state: string,
  keys: Record<string, unknown> = {},
): RecallMirrors => ({
  index: Buffer.from(renderJson({ ...keys, records, state }), 'utf8'),
  markdown: Buffer.from(renderRecallMarkdown(records), 'utf8'),
});

/**
 * The mirrors of the last generation with new records behind the others: no record is parsed or
 * rendered again, so a promotion costs what it adds. The bytes are those that rendering gives.
 *
 * @returns undefined when the old index is not laid out as we write it
 */
export function extendRecallMirrors(
  before: RecallMirrors,
  added: readonly RecallRecord[],
  state: string,
): RecallMirrors | undefined {
  if (added.length === 0) return before;
  const head = before.index.subarray(0, INDEX_HEAD.length).toString('utf8');
  const tail = before.index.subarray(-TAIL_LENGTH).toString('utf8');
  if (head !== INDEX_HEAD || !INDEX_TAIL.test(tail)) return undefined;
  const fresh = renderJson({ records: added, state }).slice(INDEX_HEAD.length);
  return {
    index: Buffer.concat([before.index.subarray(0, -TAIL_LENGTH), Buffer.from(`,\n${fresh}`, 'utf8')]),
    markdown: Buffer.concat([before.markdown, Buffer.from(`\n${added.map(renderRecallNote).join('\n')}`, 'utf8')]),
  };
}
