import { intro, isCancel, log, outro, select } from '@clack/prompts';
import type { Readable, Writable } from 'node:stream';
import { decideWaiting, editWaiting } from '../compile/proposals-decide.ts';
import type { DecideRequest, ReviewWork } from '../compile/proposals-decide.ts';
import { listReview, targetOf } from '../compile/proposals-list.ts';
import type { ReviewList, WaitingSuggestion } from '../compile/proposals-list.ts';
import { undoLast } from '../compile/proposals-undo.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { changesText } from './history.ts';
import { decidedText, harmless, suggestionText, undoneText } from './review-text.ts';
import { shortIds } from './short-ids.ts';

export interface Asking {
  /** Opens an editor. @returns undefined when nothing was changed */
  edit: (suggestion: WaitingSuggestion) => { summary?: string; content?: string } | undefined;
  /** Where there is no terminal, for tests. */
  streams?: { input?: Readable; output?: Writable };
}

type Choice = 'accept' | 'edit' | 'reject' | 'once' | 'skip' | 'quit';

const CHOICES: { value: Choice; label: string; hint?: string }[] = [
  { value: 'accept', label: 'Accept' },
  { value: 'edit', label: 'Edit', hint: 'in your editor, then you are asked again' },
  { value: 'reject', label: 'Reject', hint: 'and never suggest this text again' },
  { value: 'once', label: 'Reject for this once' },
  { value: 'skip', label: 'Skip', hint: 'it goes on waiting' },
  { value: 'quit', label: 'Stop here' },
];

/** Goes through everything that waits, one suggestion after the other, then offers to undo the last promotion. */
export async function askAboutReview(work: ReviewWork, asking: Asking): Promise<Result<null>> {
  const { streams = {} } = asking;
  intro('csep review', streams);
  const first = listReview(work.world, work.bucket);
  if (!first.ok) return first;
  for (const { id, decision } of first.value.suggestions) {
    if (decision) continue;
    const asked = await askAboutOne(work, id, asking);
    if (!asked.ok) return asked;
    if (asked.value === 'quit') {
      outro('What was not decided goes on waiting.', streams);
      return succeed(null);
    }
  }
  if (first.value.suggestions.length === 0) log.info('Nothing waits.', streams);
  const listed = listReview(work.world, work.bucket);
  if (!listed.ok) return listed;
  return await askAboutLast(work, listed.value, asking);
}

/** Asked again after an edit, and when it turns out to do something else by now. */
async function askAboutOne(work: ReviewWork, id: string, asking: Asking): Promise<Result<'next' | 'quit'>> {
  const { streams = {} } = asking;
  for (let anyway = false; ;) {
    const listed = listReview(work.world, work.bucket);
    if (!listed.ok) return listed;
    const suggestion = listed.value.suggestions.find((one) => one.id === id);
    // Somebody else has decided on it meanwhile.
    if (!suggestion) return succeed('next');
    const short = shortIds(listed.value);
    log.message(suggestionText(suggestion, short), streams);
    const choice = await select({ message: 'What is to become of it?', options: CHOICES, ...streams });
    if (isCancel(choice) || choice === 'quit') return succeed('quit');
    if (choice === 'skip') return succeed('next');
    if (choice === 'edit') {
      const words = asking.edit(suggestion);
      if (words) editWaiting(work, targetOf(id), words);
      else log.warn('Nothing was changed.', streams);
      continue;
    }
    const decided = await decideWaiting(work, { targets: [targetOf(id)], ...requestOf(choice, anyway) });
    if (!decided.ok) return decided;
    log.success(decidedText(decided.value, short), streams);
    if (decided.value.status !== 'differs') return succeed('next');
    anyway = true;
  }
}

const requestOf = (choice: 'accept' | 'reject' | 'once', anyway: boolean): Omit<DecideRequest, 'targets'> =>
  choice === 'accept' ? { decision: 'accepted', anyway } : { decision: 'rejected', once: choice === 'once' };

async function askAboutLast(work: ReviewWork, { last }: ReviewList, { streams = {} }: Asking): Promise<Result<null>> {
  if (!last || last.entry.from === null) {
    outro('That is all.', streams);
    return succeed(null);
  }
  log.message(`Generation ${last.entry.generation} changed this:\n${harmless(changesText(last.changes))}`, streams);
  const options = [
    { value: 'keep', label: 'Keep it' },
    { value: 'undo', label: 'Undo it', hint: `the content of generation ${last.entry.from} comes back` },
  ];
  const choice = await select({ message: 'The last promotion:', options, ...streams });
  if (choice !== 'undo') {
    outro('That is all.', streams);
    return succeed(null);
  }
  const undone = await undoLast(work);
  if (!undone.ok) return undone;
  outro(undoneText(undone.value), streams);
  return succeed(null);
}
