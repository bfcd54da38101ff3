/** Records per chunk: a promotion rewrites at most about this many records per chunk that it touches. */
export const CHUNK_RECORDS = 1_000;

/** A chunk of the current generation, as far as planning needs it. */
export interface PlannedChunk {
  /** `recall-<k>` */
  name: string;
  records: number;
  /** Records of it are replaced or removed: it must be written again. */
  changed?: boolean;
}

interface ChunkPlan {
  /** Chunks whose two files are hard-linked as they are. */
  linked: string[];
  /** Chunks to write: the remaining records of `from`, in order, then the next `added` new records. */
  written: { name: string; from: string[]; added: number }[];
}

interface Draft {
  name: string;
  from: string[];
  records: number;
  added: number;
  rewritten: boolean;
}

/**
 * Plans the chunks of the next generation. The cost follows the change: a chunk is rewritten only when records in it
 * change, when it is the last one and new records fit, or when it merges with a rewritten neighbour.
 * Pure; `chunks` are in the order of their numbers, `records` counts what remains of a changed chunk.
 * @param added number of new records; they go behind all others
 */
export function planChunks(chunks: readonly PlannedChunk[], added: number): ChunkPlan {
  const drafts: Draft[] = [];
  for (const { name, records, changed = false } of chunks) {
    if (records === 0 && changed) continue;
    const next: Draft = { name, from: [name], records, added: 0, rewritten: changed };
    const last = drafts.at(-1);
    if (last && (last.rewritten || changed) && last.records + records <= CHUNK_RECORDS) absorb(last, next);
    else drafts.push(next);
  }
  append(drafts, added, 1 + highestNumber(chunks));
  return {
    linked: drafts.filter(({ rewritten }) => !rewritten).map(({ name }) => name),
    written: drafts
      .filter(({ rewritten }) => rewritten)
      .map(({ name, from, added: fresh }) => ({ name, from, added: fresh })),
  };
}

function absorb(last: Draft, next: Draft): void {
  last.from.push(...next.from);
  last.records += next.records;
  last.rewritten = true;
}

function append(drafts: Draft[], added: number, firstNumber: number): void {
  let left = added;
  const last = drafts.at(-1);
  if (last && left > 0 && last.records < CHUNK_RECORDS) {
    const fitting = Math.min(left, CHUNK_RECORDS - last.records);
    Object.assign(last, { records: last.records + fitting, added: fitting, rewritten: true });
    left -= fitting;
  }
  for (let number = firstNumber; left > 0; number++) {
    const fitting = Math.min(left, CHUNK_RECORDS);
    drafts.push({ name: `recall-${number}`, from: [], records: fitting, added: fitting, rewritten: true });
    left -= fitting;
  }
}

const highestNumber = (chunks: readonly PlannedChunk[]): number =>
  chunks.reduce((highest, { name }) => Math.max(highest, numberOfChunk(name)), 0);

const CHUNK = 'recall-';
const DIGITS = /^\d{1,9}$/;

/** The number in `recall-<number>`; 0 for any other name. Nothing is cut out by the pattern: a query asks it of every file. */
export function numberOfChunk(name: string): number {
  const digits = name.startsWith(CHUNK) ? name.slice(CHUNK.length) : '';
  return DIGITS.test(digits) ? Number(digits) : 0;
}
