import { sha256 } from '../kernel/digest.ts';
import type { Entry } from './rollout-entry.ts';
import type { TurnItem } from './turn.ts';

/** An entry that became one thing of the session, with the chain over everything up to it. */
export interface ChainedEntry {
  entry: Entry;
  chain: string;
}

/** What the reader knows about a slice before its entries are put together. */
export interface SliceFacts {
  /** Chain over all that came before; empty at the beginning of a history. */
  chain: string;
  /** The slice goes on where an earlier one ended. */
  continued: boolean;
}

/**
 * Puts the lines of a slice together: ties outputs to calls, drops what is written twice, and
 * chains what is left. The chain is over kinds and texts only, never over times or ids: a copy of
 * a history has new ones.
 */
export function chainEntries(entries: readonly Entry[], facts: SliceFacts): ChainedEntry[] {
  const tied = tieOutputs(entries);
  const told = withoutRepeats(tied, facts.continued);
  let { chain } = facts;
  return told.map((entry) => {
    chain = sha256(`${chain}\n${fingerprint(entry)}`).slice(0, 32);
    return { entry, chain };
  });
}

function fingerprint({ content }: Entry): string {
  switch (content.kind) {
    case 'user':
    case 'assistant':
      return JSON.stringify([content.kind, content.text]);
    case 'command':
      return JSON.stringify([content.kind, content.command, content.exitCode]);
    case 'files':
      return JSON.stringify([content.kind, content.paths]);
    case 'call':
    case 'call-output':
    case 'turn-start':
      return content.kind;
  }
}

/** Calls and their outputs become commands; an output without a call belongs to no shell and goes. */
function tieOutputs(entries: readonly Entry[]): Entry[] {
  const calls = new Map<string, string>();
  const known = new Set(entries.filter(({ content }) => content.kind === 'command').map(({ callId }) => callId));
  const tied: Entry[] = [];
  for (const entry of entries) {
    const { content, callId } = entry;
    if (content.kind === 'call') {
      calls.set(callId, content.command);
    } else if (content.kind === 'call-output') {
      const command = calls.get(callId);
      if (command === undefined || (callId !== '' && known.has(callId))) continue;
      calls.delete(callId);
      tied.push({ ...entry, content: { ...content, kind: 'command', command } });
    } else {
      tied.push(entry);
    }
  }
  return tied;
}

/** Drops `response` messages and files of a turn in which the same kind of thing was `shown` as well. */
function withoutRepeats(entries: readonly Entry[], continued: boolean): Entry[] {
  const turns = turnKeys(entries);
  const told = new Set(
    entries.flatMap((entry, i) => (entry.source === 'shown' ? [`${turns[i]}/${entry.content.kind}`] : [])),
  );
  // The second writing of the answer that ended the last slice stands at the head of this one.
  let dangling = continued;
  return entries.filter((entry, i) => {
    const { kind } = entry.content;
    if (kind === 'turn-start') return false;
    if (kind === 'user') dangling = false;
    if (entry.source === 'shown') return true;
    if (dangling && kind === 'assistant') return false;
    return kind === 'command' || !(told.has(`${turns[i]}/${kind}`) || isShownNearby(entries, i));
  });
}

/** How far apart the two writings of one message stand when a turn begins between them. */
const NEARBY = 6;

function isShownNearby(entries: readonly Entry[], index: number): boolean {
  const content = entries[index]?.content;
  if (content?.kind !== 'user') return false;
  const around = entries.slice(Math.max(0, index - NEARBY), index + NEARBY + 1);
  return around.some(
    (other) => other.source === 'shown' && other.content.kind === 'user' && other.content.text === content.text,
  );
}

/** The turn of each entry: Codex's id where there is one, otherwise the number of turn starts so far. */
function turnKeys(entries: readonly Entry[]): string[] {
  let started = 0;
  return entries.map(({ content, turnId }) => {
    if (content.kind === 'turn-start') started += 1;
    return turnId === '' ? `#${started}` : turnId;
  });
}

/** Chooses what a reviewer sees: of the assistant's messages of a turn only the answers. */
export function asTurnItems(entries: readonly Entry[]): TurnItem[] {
  const answers = finalAnswers(entries);
  const turnItems: TurnItem[] = [];
  for (const entry of entries) {
    const { content, at, turnId } = entry;
    if (content.kind === 'user') turnItems.push({ kind: 'user', text: content.text, at, turnId });
    if (content.kind === 'files') turnItems.push({ kind: 'files', paths: content.paths, at, turnId });
    if (content.kind === 'assistant' && answers.has(entry))
      turnItems.push({ kind: 'assistant', text: content.text, at, turnId });
    if (content.kind === 'command') {
      const { command, exitCode, output } = content;
      turnItems.push({ kind: 'command', command, exitCode, output, at, turnId });
    }
  }
  return turnItems;
}

function finalAnswers(entries: readonly Entry[]): Set<Entry> {
  const answers = new Set<Entry>();
  let lastUnmarked: Entry | undefined;
  let turn = '';
  for (const entry of entries) {
    const { content } = entry;
    if (content.kind === 'user' || (entry.turnId !== '' && entry.turnId !== turn)) {
      if (lastUnmarked) answers.add(lastUnmarked);
      lastUnmarked = undefined;
      turn = entry.turnId;
    }
    if (content.kind !== 'assistant' || content.phase === 'commentary') continue;
    if (content.phase === 'final') answers.add(entry);
    lastUnmarked = content.phase === 'final' ? undefined : entry;
  }
  if (lastUnmarked) answers.add(lastUnmarked);
  return answers;
}
