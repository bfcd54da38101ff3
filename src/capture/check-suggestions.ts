import { stringsIn } from '../contracts/json.ts';
import { readSuggestion } from '../contracts/read-suggestion.ts';
import type { SkippedSuggestion, Suggestion } from '../contracts/suggestion.ts';
import { lintSuggestion } from '../safety/lint.ts';
import { redactDeep } from '../safety/redact.ts';

/** Suggestions that may be stored, and those that may not, each with its reason. */
export interface CheckedSuggestions {
  kept: Suggestion[];
  skipped: SkippedSuggestion[];
}

/**
 * Redacts and lints what a reviewer proposes, one by one: a reviewer may have seen what our redaction
 * missed, or invented it, and may repeat what a transcript planted.
 */
export function checkSuggestions(suggestions: readonly Suggestion[]): CheckedSuggestions {
  const checked: CheckedSuggestions = { kept: [], skipped: [] };
  for (const [index, suggestion] of suggestions.entries()) {
    const { family } = suggestion;
    const redacted = redactDeep(suggestion);
    const reading = readSuggestion(family, redacted);
    const reason = reading.ok ? suspicionOf(reading.suggestion) : reading.reason;
    if (reading.ok && reason === undefined) checked.kept.push(withoutToolWishes(reading.suggestion));
    else checked.skipped.push({ family, index, reason: reason ?? 'does not match the schema', item: redacted });
  }
  return checked;
}

function suspicionOf(suggestion: Suggestion): string | undefined {
  const verdict = lintSuggestion([suggestion.summary, ...stringsIn(suggestion.details)]);
  return verdict.ok ? undefined : `${verdict.reason}: ${verdict.rule} (${verdict.detail})`;
}

/** What a tool printed is nobody's wish: it may describe the project, never the user. */
function withoutToolWishes(suggestion: Suggestion): Suggestion {
  if (suggestion.family !== 'memory_updates' || suggestion.details.basis !== 'tool') return suggestion;
  return { ...suggestion, details: { ...suggestion.details, scope: 'global' } };
}
