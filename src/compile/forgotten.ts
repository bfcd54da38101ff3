import type { Envelope } from '../contracts/envelope.ts';
import type { ForgetOrder } from '../contracts/forget-order.ts';
import type { Tombstone } from '../contracts/generation.ts';
import { isRecord, stringsIn, textOr } from '../contracts/json.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import type { StoredSuggestion } from '../contracts/suggestion.ts';
import { FORGOTTEN } from '../assets/scrub-text.ts';
import type { Needles } from '../assets/scrub-text.ts';
import { FORGOTTEN_FAMILY, isTombstoned } from '../assets/tombstone.ts';

/** Whether a record brings back what a person told us to forget: judged with and without its summary, as the merge does. */
export const isForgottenMemory = (record: MemoryRecord, stones: readonly Tombstone[]): boolean =>
  isForgottenText(record, record.scope, stones);

export const isForgottenRecall = (record: RecallRecord, stones: readonly Tombstone[]): boolean =>
  isForgottenText(record, 'recall', stones);

export const isForgottenSkill = (skill: Skill, stones: readonly Tombstone[]): boolean =>
  isTombstoned(skill.content, 'skill', stones);

interface Noted {
  summary: string;
  content: string;
}

function isForgottenText(
  { summary, content }: Noted,
  scope: Tombstone['scope'],
  stones: readonly Tombstone[],
): boolean {
  if (stones.length === 0) return false;
  return isTombstoned(content, scope, stones) || isTombstoned(`${summary}\n${content}`, scope, stones);
}

/** What an entry is known by, and what it says: the parts of a forget that tell which entries are meant. */
export type Forgotten = Pick<ForgetOrder, 'memory' | 'recall' | 'skills' | 'tombstones'>;

/** Entries that go: named ones in whatever version, and whatever says the same. */
export const goesOfMemory = (record: MemoryRecord, order: Forgotten): boolean =>
  order.memory.some(({ scope, summary }) => scope === record.scope && summary === record.summary) ||
  isForgottenMemory(record, order.tombstones);

export const goesOfRecall = (record: RecallRecord, order: Forgotten): boolean =>
  order.recall.includes(record.id) || isForgottenRecall(record, order.tombstones);

export const goesOfSkills = (skill: Skill, order: Forgotten): boolean =>
  order.skills.includes(skill.skill_id) || isForgottenSkill(skill, order.tombstones);

/**
 * The envelope with only a stub left of every suggestion that brings back what was forgotten; the
 * others keep their places, since receipts count by them.
 * @returns the very same envelope when there is nothing of that kind in it
 */
export function withoutForgotten(envelope: Envelope, stones: readonly Tombstone[], needles?: Needles): Envelope {
  if (stones.length === 0 && !needles) return envelope;
  const isGone = (suggestion: StoredSuggestion): boolean =>
    suggestion.family !== FORGOTTEN_FAMILY &&
    (bringsBack(suggestion, stones) || stringsIn(suggestion).some((text) => needles?.isIn(text)));
  if (!envelope.suggestions.some(isGone)) return envelope;
  return { ...envelope, suggestions: envelope.suggestions.map((kept) => (isGone(kept) ? STUB : kept)) };
}

const STUB: StoredSuggestion = { family: FORGOTTEN_FAMILY, summary: FORGOTTEN, details: {}, confidence: 1 };

function bringsBack(suggestion: StoredSuggestion, stones: readonly Tombstone[]): boolean {
  const { summary } = suggestion;
  const details: Record<string, unknown> = { ...suggestion.details };
  const content = textOr(details['content'] ?? details['note'] ?? details['text'] ?? details['body'], summary);
  if (isForgottenText({ summary, content }, scopeOf(suggestion.family, details), stones)) return true;
  const candidate = details['skill_candidate'];
  return isRecord(candidate) && isTombstoned(textOr(candidate['content'], ''), 'skill', stones);
}

function scopeOf(family: string, details: Record<string, unknown>): Tombstone['scope'] {
  if (family === 'recall_candidate') return 'recall';
  if (family === 'skill_action') return 'skill';
  return details['scope'] === 'user' ? 'user' : 'global';
}
