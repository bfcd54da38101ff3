import type { RecallHit } from '../assets/recall-store.ts';
import { recallSettings } from '../config/quick-settings.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { attempt } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';
import { openGate } from './gate.ts';
import { NOTHING_INJECTED, readInjected, writeInjected } from './injected.ts';
import type { PromptContext } from './prompt-context.ts';
import { MOST_PROMPT_RECORDS, promptContext } from './prompt-context.ts';
import { readPrompt } from './prompt-query.ts';
import { closeRecords, openBucketRecords } from './recall-sources.ts';
import { isWorthInjecting } from './recall-worth.ts';
import { harmless, searchOwn } from './recall.ts';
import { folderTest } from './same-folder.ts';
import type { BucketPlace } from './session-bucket.ts';
import { bucketOf } from './session-bucket.ts';
import { noteUse } from './usage-log.ts';

export interface Prompt extends BucketPlace {
  prompt: string;
  sessionId: string;
  transcriptPath: string | null;
}

export interface PromptAnswer {
  /** Undefined: nothing matches well enough to be said unasked. */
  context: string | undefined;
  /** For the log. */
  facts: Record<string, unknown>;
}

/** Without an index of its own a bucket is searched in memory; a prompt does not wait for more than that. */
const LARGEST_INDEX_IN_HOOK = 1024 * 1024;
/** Candidates beyond what is given, in case that some must not be shown. */
const SPARE = 3;

/** The user sends a prompt: records that match it strongly are put beside it, none of them twice in a session. */
export async function promptRecall(world: World, prompt: Prompt): Promise<PromptAnswer> {
  const reading = readPrompt(prompt.prompt);
  if (reading.query === undefined) return { context: undefined, facts: { skipped: reading.because } };
  const { onPrompt, topK } = await recallSettings(world);
  if (!onPrompt) return { context: undefined, facts: { skipped: 'switched off' } };
  const bucket = bucketOf(world, prompt);
  if (!bucket) return { context: undefined, facts: { skipped: 'no bucket' } };
  const query = reading.followsUp ? await withEarlierWords(reading.query, prompt.transcriptPath) : reading.query;
  const before = readInjected(bucket.layout, prompt.sessionId) ?? NOTHING_INJECTED;
  const context = await matching(world, bucket, {
    query,
    cwd: prompt.cwd,
    known: new Set(before.recalled),
    most: Math.min(topK, MOST_PROMPT_RECORDS),
  });
  if (!context) return { context: undefined, facts: { bucket: bucket.id, records: 0 } };
  const after = { ...before, recalled: [...before.recalled, ...context.ids] };
  const remembered = attempt(() => writeInjected(bucket.layout, prompt.sessionId, after));
  noteUse(world, bucket.layout, { by: 'prompt-recall', ids: context.ids, session: prompt.sessionId });
  return {
    context: context.text,
    facts: { bucket: bucket.id, records: context.ids.length, remembered: remembered.ok },
  };
}

/** "Do the same for the other module" says what to look for only together with the prompt before it. */
async function withEarlierWords(query: string, transcript: string | null): Promise<string> {
  if (transcript === null) return query;
  const { recentPrompts } = await import('./recent-prompts.ts');
  return [query, ...recentPrompts(transcript).filter((said) => said !== query)].join('\n');
}

interface PromptSearch {
  query: string;
  cwd: string;
  /** Ids of records that the session has been given. */
  known: ReadonlySet<string>;
  /** Records that the prompt is given. */
  most: number;
}

async function matching(world: World, bucket: BucketHandle, search: PromptSearch): Promise<PromptContext | undefined> {
  const options = { log: world.diagnostics, largestIndex: LARGEST_INDEX_IN_HOOK };
  const records = await openBucketRecords(bucket.layout, options);
  try {
    const near = folderTest(search.cwd, bucket.root);
    const accept = ({ id }: { id: string }): boolean => !search.known.has(id);
    const hits = searchOwn(records, search.query, {
      topK: search.most + SPARE,
      near,
      ...(search.known.size > 0 ? { accept } : {}),
    });
    return promptContext(await passed(bucket, hits.filter(isWorthInjecting), search.most));
  } finally {
    closeRecords(records);
  }
}

async function passed(bucket: BucketHandle, hits: readonly RecallHit[], most: number) {
  const gate = openGate(bucket.layout);
  const shown = await harmless(hits, gate);
  gate.remember();
  return shown.slice(0, most).map((hit) => hit.record);
}
