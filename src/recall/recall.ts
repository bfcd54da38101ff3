import type { RecallHit, RecallSearch } from '../assets/recall-store.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { World } from '../kernel/world.ts';
import type { Gate } from './gate.ts';
import { openGate } from './gate.ts';
import { noteKey } from '../assets/note-key.ts';
import { otherBuckets } from './other-buckets.ts';
import type { RecallFilter } from './recall-filter.ts';
import { passesFilter } from './recall-filter.ts';
import type { BucketRecords } from './recall-sources.ts';
import { closeRecords, LARGEST_INDEX, openBucketRecords, searchRecords } from './recall-sources.ts';
import { isStrong, isWorthShowing } from './recall-worth.ts';
import type { FolderTest } from './same-folder.ts';
import { folderTest } from './same-folder.ts';
import type { BucketPlace } from './session-bucket.ts';
import { bucketOf } from './session-bucket.ts';

/** Which buckets are asked: this repository's only, all, or (auto) others when this one's answers are weak. */
export type RecallScope = 'repo' | 'all' | 'auto';

export interface RecallQuestion extends BucketPlace {
  query: string;
  topK: number;
  scope: RecallScope;
  /** Records must keep to it, whatever they say. */
  filter?: RecallFilter | undefined;
}

/** One record as recall answers it (FORMATS, Recall). */
export interface RecallResult {
  id: string;
  summary: string;
  content: string;
  source_paths: string[];
  repo_fingerprint: string;
  cwd: string;
  thread_id: string;
  turn_id: string;
  score: number;
  source: 'repo' | 'cwd' | 'other';
  /** Of another repository: its bucket. */
  bucket?: string;
}

export interface RecallAnswer {
  query: string;
  cwd: string;
  /** Zero: nothing relevant is known. */
  count: number;
  results: RecallResult[];
}

/** Records of the same part of the repository are a little more likely to be meant. */
const NEAR_BOOST = 1.15;
/** A person who filters wants what is there; reading a record takes a twentieth of a millisecond. */
const FILTERED_FROM = 5_000;
/** Candidates beyond what is asked for, in case that some must not be shown. */
const SPARE = 3;

/** Finds what earlier sessions noted. Changes nothing but the log of what was used. */
export async function recall(world: World, question: RecallQuestion): Promise<RecallAnswer> {
  return await recallIn(world, bucketOf(world, question), question);
}

/** The same for a bucket that was found already (undefined: there is none). */
export async function recallIn(
  world: World,
  bucket: BucketHandle | undefined,
  question: RecallQuestion,
): Promise<RecallAnswer> {
  const gate = openGate(bucket?.layout);
  const own = bucket ? await ownResults(world, bucket, question, gate) : [];
  const results = await withOthers(world, question, { bucket, gate, own });
  gate.remember();
  return { query: question.query, cwd: question.cwd, count: results.length, results };
}

/**
 * The record with this id, wherever it is known; this repository first.
 *
 * @returns undefined when there is none; Failure `file-invalid` for one that no model may be given: whoever asks for ids
 *   is told them by a model
 */
export async function recallById(
  world: World,
  place: BucketPlace,
  id: string,
): Promise<Result<RecallResult> | undefined> {
  const bucket = bucketOf(world, place);
  for (const candidate of [...(bucket ? [bucket] : []), ...otherBuckets(world.home, bucket?.root)]) {
    const records = await openBucketRecords(candidate.layout, {
      notes: candidate === bucket,
      log: world.diagnostics,
      largestIndex: LARGEST_INDEX,
    });
    const record = firstDefined(records, id);
    closeRecords(records);
    if (!record) continue;
    if (await isHarmful(record, openGate(candidate.layout))) return withheld(candidate, id);
    const origin = candidate === bucket ? {} : { bucket: candidate.id };
    return succeed(resultOf(record, 1, { source: candidate === bucket ? 'repo' : 'other', ...origin }));
  }
  return undefined;
}

const withheld = ({ layout }: BucketHandle, id: string): Result<never> =>
  fail({
    reason: 'file-invalid',
    path: layout.stateDir,
    detail: `the text of ${id} reads like instructions planted for a model, so it is kept and shown to none. Correct it by hand, or: csep forget ${id}`,
  });

function firstDefined(records: BucketRecords, id: string): RecallRecord | undefined {
  for (const source of records.sources) {
    const record = source.get(id);
    if (record) return record;
  }
  return undefined;
}

interface Judged {
  hit: RecallHit;
  result: RecallResult;
}

async function ownResults(world: World, bucket: BucketHandle, question: RecallQuestion, gate: Gate): Promise<Judged[]> {
  const near = folderTest(question.cwd, bucket.root);
  const records = await openBucketRecords(bucket.layout, {
    notes: true,
    log: world.diagnostics,
    largestIndex: LARGEST_INDEX,
  });
  try {
    const hits = searchOwn(records, question.query, { topK: question.topK + SPARE, near, ...filterOf(question) });
    const shown = await harmless(hits.filter(isWorthShowing), gate);
    return shown.slice(0, question.topK).map((hit) => {
      const source = near.isNear(hit.record.cwd) ? 'cwd' : 'repo';
      return { hit, result: resultOf(hit.record, hit.score, { source }) };
    });
  } finally {
    closeRecords(records);
  }
}

/** Searches one bucket as those ask who work in it. */
export function searchOwn(
  records: BucketRecords,
  query: string,
  options: Omit<RecallSearch, 'boost'> & { near: FolderTest },
): RecallHit[] {
  const { near, ...search } = options;
  const boost = (cwd: string): number => (near.isNear(cwd) ? NEAR_BOOST : 1);
  return searchRecords(records, query, { ...search, boost });
}

function filterOf({ filter }: RecallQuestion): Pick<RecallSearch, 'accept' | 'lookAt'> {
  return filter ? { accept: (record) => passesFilter(record, filter), lookAt: FILTERED_FROM } : {};
}

const gatedBy = <T extends { summary: string; content: string }>(record: T) => ({
  key: noteKey(`${record.summary}\n${record.content}`),
  record,
});

const isHarmful = async (record: RecallRecord, gate: Gate): Promise<boolean> =>
  (await gate.harmful([gatedBy(record)])).length > 0;

export async function harmless(hits: readonly RecallHit[], gate: Gate): Promise<RecallHit[]> {
  const gated = hits.map(({ record }) => gatedBy(record));
  const refused = new Set((await gate.harmful(gated)).map(({ record }) => record));
  return hits.filter((hit) => !refused.has(hit.record));
}

interface OwnAnswer {
  bucket: BucketHandle | undefined;
  gate: Gate;
  own: Judged[];
}

/** Fills what the own repository leaves free with what others know, never in front of it. */
async function withOthers(world: World, question: RecallQuestion, answer: OwnAnswer): Promise<RecallResult[]> {
  const results = answer.own.map((judged) => judged.result);
  const room = question.topK - results.length;
  const weak = !answer.own.some(({ hit }) => isStrong(hit));
  if (question.scope === 'repo' || room <= 0 || (question.scope === 'auto' && !weak)) return results;
  const found: Judged[] = [];
  for (const other of otherBuckets(world.home, answer.bucket?.root)) {
    if (other.layout.stateDir === answer.bucket?.layout.stateDir) continue;
    found.push(...(await otherResults(world, other, question, answer.gate)));
  }
  const known = new Set(results.map((result) => result.id));
  const best = found
    .filter(({ result }) => !known.has(result.id))
    .toSorted((a, b) => b.hit.relevance - a.hit.relevance || b.hit.score - a.hit.score);
  return [...results, ...best.slice(0, room).map((judged) => judged.result)];
}

async function otherResults(
  world: World,
  other: BucketHandle,
  question: RecallQuestion,
  gate: Gate,
): Promise<Judged[]> {
  const records = await openBucketRecords(other.layout, { log: world.diagnostics, largestIndex: LARGEST_INDEX });
  try {
    const hits = searchRecords(records, question.query, { topK: question.topK, ...filterOf(question) });
    const shown = await harmless(hits.filter(isStrong), gate);
    return shown.map((hit) => ({
      hit,
      result: resultOf(hit.record, hit.score, { source: 'other', bucket: other.id }),
    }));
  } finally {
    closeRecords(records);
  }
}

const resultOf = (
  record: RecallRecord,
  score: number,
  origin: Pick<RecallResult, 'source' | 'bucket'>,
): RecallResult => ({
  id: record.id,
  summary: record.summary,
  content: record.content,
  source_paths: record.source_paths ?? [],
  repo_fingerprint: record.repo_fingerprint ?? '',
  cwd: record.cwd ?? '',
  thread_id: record.thread_id ?? '',
  turn_id: record.turn_id ?? '',
  score: Math.round(score * 10_000) / 10_000,
  ...origin,
});
