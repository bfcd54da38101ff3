import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { readText } from '../kernel/files.ts';
import { expectLongLife } from '../kernel/short-life.ts';
import type { World } from '../kernel/world.ts';
import { closeRecords, LARGEST_INDEX, openBucketRecords } from './recall-sources.ts';
import { searchOwn } from './recall.ts';
import { folderTest } from './same-folder.ts';
import type { BucketPlace } from './session-bucket.ts';
import { bucketOf } from './session-bucket.ts';

export interface BatchAnswer {
  id: string;
  results: { id: string; score: number; relevance: number; matched: number }[];
}

/**
 * Answers many queries in one process, for measurements: one line `{id, query}` each. All ranked
 * records of this repository are told, the irrelevant ones too: who measures decides about those.
 */
export async function recallBatch(
  world: World,
  place: BucketPlace & { topK: number },
  file: string,
): Promise<Result<BatchAnswer[]>> {
  expectLongLife();
  const queries = readQueries(file);
  if (!queries.ok) return queries;
  const bucket = bucketOf(world, place);
  if (!bucket) return succeed(queries.value.map(({ id }) => ({ id, results: [] })));
  const records = await openBucketRecords(bucket.layout, { log: world.diagnostics, largestIndex: LARGEST_INDEX });
  const near = folderTest(place.cwd, bucket.root);
  try {
    const answers = queries.value.map(({ id, query }) => ({
      id,
      results: searchOwn(records, query, { topK: place.topK, near }).map((hit) => ({
        id: hit.record.id,
        score: hit.score,
        relevance: hit.relevance,
        matched: hit.matched,
      })),
    }));
    return succeed(answers);
  } finally {
    closeRecords(records);
  }
}

function readQueries(file: string): Result<{ id: string; query: string }[]> {
  const text = readText(file);
  if (text === undefined) return fail({ reason: 'file-missing', path: file });
  const queries: { id: string; query: string }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const query = queryOf(line);
    if (!query) return fail({ reason: 'file-invalid', path: file, detail: `line ${index + 1} is no {"id", "query"}` });
    queries.push(query);
  }
  return succeed(queries);
}

function queryOf(line: string): { id: string; query: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value) || typeof value['query'] !== 'string') return undefined;
    const { id, query } = value;
    return typeof id === 'string' || typeof id === 'number' ? { id: String(id), query } : undefined;
  } catch {
    return undefined;
  }
}
