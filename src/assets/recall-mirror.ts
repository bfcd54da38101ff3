import type { RecallRecord } from '../contracts/recall.ts';
import { renderJson } from '../kernel/render-json.ts';
import { renderRecallMarkdown, renderRecallNote } from './recall-markdown.ts';

/** The two mirrors that show recall: recall/index.json and recall/compiled.md. */
export interface RecallMirrors {
  index: Buffer;
  markdown: Buffer;
}

const INDEX_HEAD = '{\n  "records": [\n';
const INDEX_TAIL = '\n  ]\n}\n';

/** Both mirrors of all records, from scratch. */
export const renderRecallMirrors = (records: readonly RecallRecord[]): RecallMirrors => ({
  index: Buffer.from(renderJson({ records }), 'utf8'),
  markdown: Buffer.from(renderRecallMarkdown(records), 'utf8'),
});

/**
 * The mirrors of the last generation with new records behind the others: no record is parsed or
 * rendered again, so a promotion costs what it adds. The bytes are those that rendering gives.
 *
 * @returns undefined when the old index is not laid out as we write it
 */
export function extendRecallMirrors(before: RecallMirrors, added: readonly RecallRecord[]): RecallMirrors | undefined {
  if (added.length === 0) return before;
  const head = before.index.subarray(0, INDEX_HEAD.length).toString('utf8');
  const tail = before.index.subarray(-INDEX_TAIL.length).toString('utf8');
  if (head !== INDEX_HEAD || tail !== INDEX_TAIL) return undefined;
  const fresh = renderJson({ records: added }).slice(INDEX_HEAD.length);
  return {
    index: Buffer.concat([before.index.subarray(0, -INDEX_TAIL.length), Buffer.from(`,\n${fresh}`, 'utf8')]),
    markdown: Buffer.concat([before.markdown, Buffer.from(`\n${added.map(renderRecallNote).join('\n')}`, 'utf8')]),
  };
}
