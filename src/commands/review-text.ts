import { stripVTControlCharacters } from 'node:util';
import type { DecideOutcome } from '../compile/proposals-decide.ts';
import type { ReviewList, WaitingSuggestion } from '../compile/proposals-list.ts';
import type { RollbackSummary } from '../compile/rollback.ts';
import { counted } from '../kernel/counted.ts';
import { changesText } from './history.ts';
import { restoredText } from './rollback.ts';
import { shortIds } from './short-ids.ts';
import type { ShortId } from './short-ids.ts';

/** Nobody has agreed to these texts yet: nothing in them may move the cursor or turn the line around. */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}]/gu, (mark) => (mark === '\n' || mark === '\t' ? mark : ''));

/** What waits, and what the last promotion changed. */
export function listText(list: ReviewList): string {
  const { suggestions, last } = list;
  const short = shortIds(list);
  const waiting =
    suggestions.length === 0
      ? ['Nothing waits.']
      : [`${headOf(suggestions)}:`, ...suggestions.flatMap((one) => ['', suggestionText(one, short)])];
  const changed = last
    ? ['', `Last promoted: generation ${last.entry.generation}, ${last.entry.at}`, harmless(changesText(last.changes))]
    : [];
  return [...waiting, ...changed].join('\n');
}

/** Decided ones are shown as well: they are promoted when the others of their session are decided. */
function headOf(suggestions: readonly WaitingSuggestion[]): string {
  const open = suggestions.filter(({ decision }) => !decision).length;
  const decided = suggestions.length - open;
  const forThem = decided === 0 ? '' : `, and ${counted(decided, 'decided one waits', 'decided ones wait')} for them`;
  return `${counted(open, 'suggestion waits', 'suggestions wait')}${forThem}`;
}

/** One suggestion, with what a yes would do. */
export function suggestionText(suggestion: WaitingSuggestion, short: ShortId): string {
  const { id, summary, content, old_summary: old, session, reviewed_at: at } = suggestion;
  const body = content === summary ? [] : content.split('\n').map((line) => `    ${line}`);
  const lines = [
    `${short(id)}  ${kindText(suggestion)}${marks(suggestion)}`,
    `  ${summary}`,
    ...body,
    ...(old === null ? [] : [`  instead of: ${old}`]),
    `  ${wouldText(suggestion)}${session === '' ? '' : `; from ${session}`}${at === '' ? '' : `, ${at}`}`,
  ];
  return harmless(lines.join('\n'));
}

function kindText({ family, action, scope, skill_id: skillId }: WaitingSuggestion): string {
  switch (family) {
    case 'memory_updates':
      return `${action} memory (${scope ?? 'global'})`;
    case 'recall_candidate':
      return 'recall note';
    case 'skill_action':
      return `${action} skill ${skillId ?? ''}`.trim();
    default:
      return family;
  }
}

function marks({ edited, decision }: WaitingSuggestion): string {
  const words = [...(edited ? ['edited'] : []), ...(decision ? [decision] : [])];
  return words.length > 0 ? `  [${words.join(', ')}]` : '';
}

function wouldText({ would }: WaitingSuggestion): string {
  if (!would) return 'not planned yet';
  const why = [would.reason, would.detail].filter((part) => part !== undefined).join(': ');
  return `would be ${would.outcome}${why === '' ? '' : ` (${why})`}`;
}

/** What became of a yes or a no. */
export function decidedText({ status, generation, verdicts, open, changes }: DecideOutcome, short: ShortId): string {
  switch (status) {
    case 'nothing_waits':
      return 'Nothing of that waits any more; nothing was changed.';
    case 'noted':
      return `Noted. It is promoted when ${open.map(({ id, index }) => short(`${id}#${index}`)).join(', ')} ${open.length === 1 ? 'is' : 'are'} decided, too.`;
    case 'differs':
      return [
        'More has been promoted since this was planned, and now it would do this; nothing was changed.',
        harmless(changes ? changesText(changes) : ''),
        'Say it again to have it so.',
      ].join('\n');
    case 'promoted': {
      const outcomes = verdicts.map(({ suggestion_id: id, index, outcome, reason }) =>
        harmless(`  ${short(`${id}#${index}`)}  ${outcome}${reason === undefined ? '' : ` (${reason})`}`),
      );
      const rest =
        open.length > 0
          ? [
              `${counted(open.length, 'suggestion of other envelopes is', 'suggestions of other envelopes are')} still open.`,
            ]
          : [];
      return [`Promoted generation ${generation}:`, ...outcomes, ...rest].join('\n');
    }
  }
}

export function undoneText(summary: RollbackSummary): string {
  const further = summary.generation === null ? '\nFurther back: csep history, then csep rollback <generation>' : '';
  return harmless(restoredText(summary)) + further;
}

/** A suggestion as a text to edit: the summary as its heading, the content below. */
export const asEditable = ({ summary, content }: Pick<WaitingSuggestion, 'summary' | 'content'>): string =>
  `# ${summary}\n\n${content}\n`;

/** @returns undefined when the heading or everything below it is gone: then nothing is meant to change */
export function fromEditable(text: string): { summary: string; content: string } | undefined {
  const [, summary, content] = /^\s*# ?([^\n]*)\n([\s\S]*)$/.exec(text.replaceAll(/\r\n?/g, '\n')) ?? [];
  if (!summary?.trim() || !content?.trim()) return undefined;
  return { summary: summary.trim(), content: content.trim() };
}
