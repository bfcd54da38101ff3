import { readKnowledge } from '../assets/read-memory.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { recallSettings } from '../config/quick-settings.ts';
import type { SessionStartInput } from '../contracts/hook.ts';
import type { Memory, MemoryRecord } from '../contracts/memory.ts';
import { attempt } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';
import { forkParent } from './fork-parent.ts';
import { openGate } from './gate.ts';
import { hasRecords } from './has-records.ts';
import type { Injected } from './injected.ts';
import { NOTHING_INJECTED, readInjected, writeInjected } from './injected.ts';
import { recallContract } from './recall-contract.ts';
import { bucketFor } from './session-bucket.ts';
import type { BucketPlace } from './session-bucket.ts';
import { chooseNotes, sessionContext } from './session-context.ts';

export interface SessionStart extends BucketPlace {
  /** Empty when nobody told it; then nothing is remembered about the session. */
  sessionId: string;
  source: SessionStartInput['source'];
  transcriptPath: string | null;
  /** Absolute path of csep.js, for the recall command. */
  program: string;
}

export interface StartedSession {
  bucket: BucketHandle | undefined;
  /** Undefined: nothing to say. */
  context: string | undefined;
  /** For the log. */
  facts: Record<string, unknown>;
}

/** A session begins: its bucket exists from now on, and it is given the notes that its history lacks. */
export async function startSession(world: World, start: SessionStart): Promise<StartedSession> {
  const bucket = bucketFor(world, start);
  if (!bucket) return { bucket, context: undefined, facts: { problem: 'no bucket' } };
  const { memory, generation, problems } = readKnowledge(bucket.layout);
  const facts = { bucket: bucket.id, generation, ...(problems.length > 0 ? { problems: problems.slice(0, 5) } : {}) };
  const { sessionTokens } = await recallSettings(world);
  if (sessionTokens === 0) return { bucket, context: undefined, facts: { ...facts, skipped: 'session_tokens is 0' } };
  const contract = recallContract(start.program);
  const { chosen, refused } = await harmlessNotes(bucket, memory, { contract, sessionTokens });
  const kept = { ...facts, ...(refused > 0 ? { refused } : {}) };
  if (chosen.notes.length === 0 && !hasRecords(bucket.layout)) return { bucket, context: undefined, facts: kept };
  const before = historyOf(bucket, start);
  const given = startsEmpty(start.source) ? [] : before.given;
  const context = sessionContext(chosen, contract, new Set(given));
  if (!context) return { bucket, context: undefined, facts: kept };
  const after = { ...before, given: [...given, ...context.given] };
  const remembered = attempt(() => writeInjected(bucket.layout, start.sessionId, after, before));
  const told = { notes: chosen.notes.length, left_out: chosen.leftOut, remembered: remembered.ok };
  return { bucket, context: context.text, facts: { ...kept, ...told } };
}

/** Chooses, looks at what was chosen, and chooses again without what must not be shown. */
async function harmlessNotes(
  bucket: BucketHandle,
  memory: Memory,
  { contract, sessionTokens }: { contract: string; sessionTokens: number },
) {
  const gate = openGate(bucket.layout);
  const refused = new Set<MemoryRecord>();
  for (;;) {
    const chosen = chooseNotes(memory, contract, refused, sessionTokens);
    const harmful = await gate.harmful(chosen.notes);
    for (const { record } of harmful) refused.add(record);
    if (harmful.length > 0) continue;
    gate.remember();
    return { chosen, refused: refused.size };
  }
}

/** After these the history holds nothing that was given before (facts: compaction removes it). */
const startsEmpty = (source: SessionStart['source']): boolean =>
  source === 'startup' || source === 'clear' || source === 'compact';

/** What the history holds: a fork's is its parent's, under a new name. */
function historyOf(bucket: BucketHandle, start: SessionStart): Injected {
  const own = readInjected(bucket.layout, start.sessionId);
  if (own || start.source !== 'fork' || start.transcriptPath === null) return own ?? NOTHING_INJECTED;
  const parent = forkParent(start.transcriptPath);
  return (parent === undefined ? undefined : readInjected(bucket.layout, parent)) ?? NOTHING_INJECTED;
}
