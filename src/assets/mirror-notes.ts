import { isRecord } from '../contracts/json.ts';
import { readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/**
 * mirrors.json as hooks and scans read it: without its schema, since a hook would pay for it and a thousand idle buckets
 * are to be passed by quickly. A wrong guess costs a look. For what is to be written again: `readMirrorState`.
 *
 * @returns empty when there is none, or none that can be read
 */
export function readMirrorNotes({ mirrors }: Pick<BucketLayout, 'mirrors'>): Record<string, unknown> {
  try {
    const notes: unknown = JSON.parse(readText(mirrors) ?? '{}');
    return isRecord(notes) ? notes : {};
  } catch {
    return {};
  }
}
