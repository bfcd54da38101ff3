import { jsonInText } from '../agents/json-in-text.ts';
import { withoutThoughts } from '../agents/without-thoughts.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { readSuggestion } from '../contracts/read-suggestion.ts';
import type { Family, SkippedSuggestion, Suggestion } from '../contracts/suggestion.ts';
import { FAMILIES } from '../contracts/suggestion.ts';

/** Ten good suggestions have some 5,000 characters; an answer of this size has lost its way. */
const MAX_CHARACTERS = 100_000;

export interface ReadAnswer {
  suggestions: Suggestion[];
  skipped: SkippedSuggestion[];
}

/**
 * Reads what a reviewer answered: strict in structure (one object, no top-level key but the three
 * families, each a list), lenient item by item (a bad item is skipped, with the reason).
 *
 * @returns Failure `answer-unparsable` for a structural error, with the answer as `raw`
 */
export function readAnswer(text: string): Result<ReadAnswer> {
  const unparsable = (detail: string): Result<never> => fail({ reason: 'answer-unparsable', detail, raw: text });
  if (text.length > MAX_CHARACTERS)
    return unparsable(`the answer has ${text.length} characters; ${MAX_CHARACTERS} are allowed`);
  const found = jsonInText(withoutThoughts(text));
  if (!found.ok) return unparsable(found.detail);
  if (!isRecord(found.value)) return unparsable('the answer is not a JSON object');
  const fault = structuralFault(found.value);
  return fault === undefined ? succeed(readFamilies(found.value)) : unparsable(fault);
}

function structuralFault(answer: Record<string, unknown>): string | undefined {
  for (const [key, list] of Object.entries(answer)) {
    if (!isFamily(key)) return `unknown top-level key ${JSON.stringify(key.slice(0, 60))}`;
    if (!Array.isArray(list)) return `${key} is not a list`;
  }
  return undefined;
}

const isFamily = (key: string): key is Family => FAMILIES.some((family) => family === key);

function readFamilies(answer: Record<string, unknown>): ReadAnswer {
  const read: ReadAnswer = { suggestions: [], skipped: [] };
  for (const family of FAMILIES) {
    const list: unknown = answer[family];
    if (!Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) {
      const reading = readItem(family, item);
      if (reading.ok) read.suggestions.push(reading.suggestion);
      else read.skipped.push({ family, index, reason: reading.reason, item });
    }
  }
  return read;
}

type ItemReading = ReturnType<typeof readSuggestion>;

function readItem(family: Family, item: unknown): ItemReading {
  const reading = readSuggestion(family, isRecord(item) ? settled(item) : item);
  if (!reading.ok) return reading;
  // Only a person edits by hand; a model that says so would borrow that authority.
  if (reading.suggestion.details.basis === 'hand-edit')
    return { ok: false, reason: 'basis: a reviewer cannot claim a hand edit' };
  return { ok: true, suggestion: withinItsScope(reading.suggestion) };
}

/** Details that a model wrote flat, or a basis beside them, where FORMATS has them. */
function settled(item: Record<string, unknown>): Record<string, unknown> {
  const { summary, confidence, details, family: _family, basis, ...flat } = item;
  const given = details === undefined || details === null ? flat : details;
  if (!isRecord(given)) return item;
  return { summary, confidence, details: basis === undefined ? given : { basis, ...given } };
}

/** USER.md speaks for the person: only the person's own words get there. */
function withinItsScope(suggestion: Suggestion): Suggestion {
  if (suggestion.family !== 'memory_updates' || suggestion.details.scope !== 'user') return suggestion;
  const { basis } = suggestion.details;
  if (basis !== 'tool' && basis !== 'assistant') return suggestion;
  return { ...suggestion, details: { ...suggestion.details, scope: 'global' } };
}
