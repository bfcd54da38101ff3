import path from 'node:path';
import { readRecordLine } from '../assets/recall-record.ts';
import { isRecord } from '../contracts/json.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, readBytes, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { expectLongLife } from '../kernel/short-life.ts';

/** recall/index.json as somebody else than we left it. */
export interface ChangedIndex {
  records: RecallRecord[];
  /** Whether the change started from the current generation, so that what is missing was removed. */
  coversCurrent: boolean;
}

export interface IndexQuestion {
  /** The current one; null when there is none. */
  generation: number | null;
  /** Bytes; a larger file is told as a problem. */
  largest: number;
  /** Takes what could not be used. */
  problems: string[];
}

/**
 * The records of recall/index.json if they say something that the generation does not: the file
 * differs from what mirrors.json remembers (told by stat, by hash only on a difference), or there is
 * no generation. A mirror that merely lags behind is nothing.
 */
export async function changedIndex(layout: BucketLayout, question: IndexQuestion): Promise<ChangedIndex | undefined> {
  const { generation, problems } = question;
  const mirror = generation === null ? undefined : readMirror(layout);
  if ((generation !== null && !mirror) || isUntouched(layout, mirror)) return undefined;
  const bytes = attempt(() => readBytes(layout.recallIndex, question.largest));
  if (!bytes.ok) problems.push(`recall/index.json: ${bytes.failure.reason}`);
  if (!bytes.ok || !bytes.value || (mirror && (await digestOf(bytes.value)) === mirror.sha256)) return undefined;
  expectLongLife();
  const records = recordsOf(bytes.value);
  if (records) return { records, coversCurrent: mirror === undefined || mirror.generation === generation };
  problems.push('recall/index.json is no JSON object with records; it is not searched');
  return undefined;
}

interface Mirror {
  generation: number | null;
  mtimeNs: unknown;
  size: unknown;
  sha256: unknown;
}

/** Whether there is nothing to look at, as far as stat can tell. */
function isUntouched(layout: BucketLayout, mirror: Mirror | undefined): boolean {
  const facts = factsOf(layout.recallIndex);
  if (facts?.kind !== 'file') return true;
  return String(mirror?.mtimeNs) === facts.mtimeNs && Number(mirror?.size) === facts.size;
}

/** Undefined when mirrors.json does not know the file: then nobody can say that it was changed. */
function readMirror(layout: BucketLayout): Mirror | undefined {
  try {
    const value: unknown = JSON.parse(readText(layout.mirrors) ?? 'null');
    if (!isRecord(value) || !isRecord(value['files'])) return undefined;
    const name = path.relative(layout.stateDir, layout.recallIndex).replaceAll('\\', '/');
    const entry = value['files'][name];
    if (!isRecord(entry)) return undefined;
    const generation = typeof value['generation'] === 'number' ? value['generation'] : null;
    return { generation, mtimeNs: entry['mtimeNs'], size: entry['size'], sha256: entry['sha256'] };
  } catch {
    return undefined;
  }
}

async function digestOf(bytes: Buffer): Promise<string> {
  const { sha256 } = await import('../kernel/digest.ts');
  return sha256(bytes);
}

/** Reads every record that is one; what is none stays in the file and is not found. */
function recordsOf(bytes: Buffer): RecallRecord[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  const records = isRecord(value) ? (value['records'] ?? []) : value;
  if (!Array.isArray(records)) return undefined;
  return records.flatMap((entry) => readRecordLine(JSON.stringify(entry)) ?? []);
}
