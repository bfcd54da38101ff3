import { CHUNK_RECORDS, numberOfChunk } from './recall-chunk-plan.ts';

/** A chunk of the next generation. */
export interface SettledChunk {
  /** `recall-<k>` */
  name: string;
  records: number;
  /** It is the same as in the generation before. */
  linked: boolean;
}

/** What the generation before has: names of its chunks and of its merged segments. */
interface Before {
  chunks: readonly string[];
  merged: readonly string[];
}

/** A segment over several neighbouring chunks; its name is `recall-<first>-<last>`. */
interface Merge {
  name: string;
  members: string[];
}

interface MergePlan {
  /** Names of those that are hard-linked as they are. */
  linked: string[];
  built: Merge[];
}

/** The most chunks of one segment: its ordinals have two bytes, and a change of one record makes it anew. */
const MOST_MEMBERS = 16;
const MERGED = /^recall-(\d{1,9})-(\d{1,9})$/;

/** First and last chunk of a merged segment by its name, without ending; undefined for any other name. */
export function rangeOf(name: string): { first: number; last: number } | undefined {
  const match = MERGED.exec(name);
  return match ? { first: Number(match[1]), last: Number(match[2]) } : undefined;
}

/** The merged segment that a file of a generation holds; undefined for any other file. */
export function mergedName(file: string): string | undefined {
  const name = file.endsWith('.seg') ? file.slice(0, -'.seg'.length) : '';
  return rangeOf(name) ? name : undefined;
}

/**
 * Plans the merged segments of the next generation, so that a query opens few files: full runs of sixteen, and what is left
 * in runs of eight, four and two. The last chunk stays alone while it grows. Like the levels of a log-structured merge
 * tree, but always from the chunks' own segments.
 * Pure; `chunks` are in the order of their numbers.
 */
export function planMerges(chunks: readonly SettledChunk[], before: Before): MergePlan {
  const last = chunks.at(-1);
  const settled = last && last.records < CHUNK_RECORDS ? chunks.slice(0, -1) : chunks;
  const linked = new Set(settled.flatMap((chunk) => (chunk.linked ? [chunk.name] : [])));
  const intact = new Set(
    before.merged.filter((name) => membersOf(name, before.chunks).every((chunk) => linked.has(chunk))),
  );
  const plan: MergePlan = { linked: [], built: [] };
  for (let at = 0; at < settled.length;) {
    const kept = fullRunAt(settled, at, intact);
    const members = kept ?? settled.slice(at, at + runLength(settled, at, intact));
    if (members.length > 1) add(plan, intact, members);
    at += members.length;
  }
  return plan;
}

function add(plan: MergePlan, intact: ReadonlySet<string>, members: readonly SettledChunk[]): void {
  const name = nameOf(members);
  if (intact.has(name)) plan.linked.push(name);
  else plan.built.push({ name, members: members.map((chunk) => chunk.name) });
}

const nameOf = (members: readonly SettledChunk[]): string =>
  `recall-${numberOfChunk(members[0]?.name ?? '')}-${numberOfChunk(members.at(-1)?.name ?? '')}`;

function membersOf(name: string, chunks: readonly string[]): string[] {
  const { first, last } = rangeOf(name) ?? { first: 0, last: -1 };
  return chunks.filter((chunk) => numberOfChunk(chunk) >= first && numberOfChunk(chunk) <= last);
}

/** A full run that is there already stays, wherever it starts: what changes in front of it costs it nothing. */
function fullRunAt(
  chunks: readonly SettledChunk[],
  at: number,
  intact: ReadonlySet<string>,
): readonly SettledChunk[] | undefined {
  const run = chunks.slice(at, at + MOST_MEMBERS);
  return run.length === MOST_MEMBERS && intact.has(nameOf(run)) ? run : undefined;
}

/** Chunks from here to the next full run that stays, in the largest power of two that fits. */
function runLength(chunks: readonly SettledChunk[], at: number, intact: ReadonlySet<string>): number {
  let room = 1;
  while (room < MOST_MEMBERS && at + room < chunks.length && !fullRunAt(chunks, at + room, intact)) room++;
  let length = 1;
  while (2 * length <= room) length *= 2;
  return length;
}
