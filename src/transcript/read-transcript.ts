import type { Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import type { Cursor } from '../contracts/review.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { closeFile, factsOf, fileSize, openForReading } from '../kernel/files.ts';
import { linesForward } from './file-lines.ts';
import { findStart, lineRecord } from './find-start.ts';
import type { SliceStart, WindowLimits } from './find-start.ts';
import { asTurnItems, chainEntries } from './gather-turns.ts';
import type { ChainedEntry } from './gather-turns.ts';
import { readLines } from './read-lines.ts';
import type { ReadLines } from './read-lines.ts';
import { readHead } from './session-facts.ts';
import type { RolloutHead } from './session-facts.ts';
import type { SessionFacts, TranscriptSlice } from './turn.ts';

export interface ReadOptions {
  /** Chains at which earlier reviews of this repository ended: a copy of such a history is not read twice. */
  reviewedChains?: ReadonlySet<string>;
  /** A first prompt that contains this text was written by us: the session is one of our own. */
  nestedMark?: string;
  limits?: Partial<WindowLimits>;
}

/** A session of days has some 10 MB; a line above 1 MB is a picture or a log, and no words of anybody. */
const LIMITS: WindowLimits = { maxBytes: 16 * 1024 * 1024, maxLineBytes: 1024 * 1024, blockBytes: 256 * 1024 };

/**
 * Reads what is new in a rollout since `from`.
 *
 * Memory is bounded by the limits, not by the file: what lies further back than `maxBytes` is left
 * out and `truncated` says so. A last line that is still being written is left for the next time.
 *
 * @param path a rollout of any known Codex version
 * @param from the `end` of the last read; null to begin at the beginning
 * @returns the new part; `file-missing`, `file-unreadable` (not a regular file) or `disk-failed` otherwise
 */
export function readTranscript(path: string, from: Cursor | null, options: ReadOptions = {}): Result<TranscriptSlice> {
  const opened = attempt(() => {
    const facts = factsOf(path);
    return facts ? { kind: facts.kind, fd: facts.kind === 'file' ? openForReading(path) : -1 } : undefined;
  });
  if (!opened.ok) return opened;
  if (!opened.value) return fail({ reason: 'file-missing', path });
  const { fd, kind } = opened.value;
  if (kind !== 'file') return fail({ reason: 'file-unreadable', path, detail: `a ${kind}, not a file` });
  try {
    return attempt(() => readSlice(fd, from, options));
  } finally {
    closeFile(fd);
  }
}

function readSlice(fd: number, from: Cursor | null, options: ReadOptions): TranscriptSlice {
  const limits = { ...LIMITS, ...options.limits };
  const size = fileSize(fd);
  const head = headOf(fd, size, limits);
  const start = findStart(fd, size, from, limits);
  const lines = readLines(fd, start.offset, size, limits);
  const history = historyOf(lines, head, start, options.reviewedChains);
  return {
    session: withNested(head, history.fresh, options.nestedMark),
    items: asTurnItems(history.fresh.map(({ entry }) => entry)),
    startOrdinal: startOrdinal(history.fresh, { start, head, lines }),
    startChain: history.startChain,
    end: lines.last ? { ...lines.last, chain: history.endChain } : from,
    truncated: start.truncated,
    rewritten: from !== null && start.matched === null,
    skippedLines: lines.skipped,
  };
}

/** The slice as a history: what of it is new, and the chains at both ends of that. */
interface History {
  fresh: ChainedEntry[];
  startChain: string;
  endChain: string;
}

function historyOf(
  lines: ReadLines,
  head: RolloutHead,
  { matched }: SliceStart,
  reviewed: ReadonlySet<string> | undefined,
): History {
  const own = lines.entries.filter((entry) => entry.ordinal >= head.ownFrom);
  const chain = matched?.chain ?? '';
  const chained = chainEntries(own, { chain, continued: matched !== null });
  const seen = matched ? 0 : reviewedLength(chained, reviewed);
  return {
    fresh: chained.slice(seen),
    startChain: chained[seen - 1]?.chain ?? chain,
    endChain: chained.at(-1)?.chain ?? chain,
  };
}

/** How much of the beginning an earlier review of the same history has seen. */
function reviewedLength(chained: readonly ChainedEntry[], reviewed: ReadonlySet<string> | undefined): number {
  if (!reviewed || reviewed.size === 0) return 0;
  return chained.findLastIndex(({ chain }) => reviewed.has(chain)) + 1;
}

function headOf(fd: number, size: number, limits: WindowLimits): RolloutHead {
  for (const line of linesForward(fd, 0, Math.min(size, limits.maxLineBytes), limits))
    return readHead(lineRecord(line));
  return readHead(undefined);
}

function startOrdinal(
  fresh: readonly ChainedEntry[],
  { start, head, lines }: { start: SliceStart; head: RolloutHead; lines: ReadLines },
): number {
  if (start.matched) return start.matched.ordinal + 1;
  // The beginning of a history that is too long to be read does not depend on how much of it was read.
  if (start.truncated) return head.ownFrom;
  return fresh[0]?.entry.ordinal ?? Math.max(head.ownFrom, (lines.last?.ordinal ?? -1) + 1);
}

function withNested(head: RolloutHead, fresh: readonly ChainedEntry[], mark: string | undefined): SessionFacts | null {
  if (!head.session || mark === undefined) return head.session;
  const first = fresh.find(({ entry }) => entry.content.kind === 'user')?.entry.content;
  return { ...head.session, nested: first?.kind === 'user' && first.text.includes(mark) };
}
