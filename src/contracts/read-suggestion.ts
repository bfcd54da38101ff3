import * as v from 'valibot';
import { isRecord } from './json.ts';
import { MemorySuggestion, RecallSuggestion, SkillSuggestion } from './suggestion.ts';
import type { Suggestion } from './suggestion.ts';

/** Where models put the text when they do not call it `content`, in the order in which we look. */
const CONTENT_KEYS = ['content', 'note', 'text', 'body'] as const;

type Reading = { ok: true; suggestion: Suggestion } | { ok: false; reason: string };

/**
 * Checks one item of a reviewer's answer or of a stored envelope and settles its defaults:
 * a missing `content` is taken from `note`, `text`, `body`, then from the summary.
 *
 * @returns the suggestion, or the reason why the item counts for nothing
 */
export function readSuggestion(family: string, item: unknown): Reading {
  if (!isRecord(item)) return no('not an object');
  const { summary, details = {}, confidence } = item;
  if (!isRecord(details)) return no('details is not an object');
  const given = { ...details };
  dropNulls(given);
  if (family !== 'skill_action') given['content'] = contentOf(given, summary);
  const candidate = {
    family,
    summary: typeof summary === 'string' ? summary : given['action'] === 'remove' ? '' : summary,
    details: given,
    ...(confidence === undefined || confidence === null ? {} : { confidence }),
  };
  return byFamily(family, candidate);
}

function byFamily(family: string, candidate: unknown): Reading {
  switch (family) {
    case 'memory_updates': {
      const parsed = v.safeParse(MemorySuggestion, candidate);
      if (!parsed.success) return no(firstIssue(parsed.issues));
      return checkMemory(parsed.output);
    }
    case 'recall_candidate':
      return outcome(v.safeParse(RecallSuggestion, candidate));
    case 'skill_action':
      return outcome(v.safeParse(SkillSuggestion, candidate));
    default:
      return no(`unknown family ${JSON.stringify(family.slice(0, 40))}`);
  }
}

function checkMemory(suggestion: MemorySuggestion): Reading {
  const { action, old_summary: oldSummary } = suggestion.details;
  if (action !== 'add' && (oldSummary === undefined || oldSummary.trim() === ''))
    return no(`${action} needs old_summary`);
  if (action !== 'remove' && suggestion.summary.trim() === '') return no('summary is empty');
  return { ok: true, suggestion };
}

function contentOf(details: Record<string, unknown>, summary: unknown): string {
  for (const key of CONTENT_KEYS) {
    const text = details[key];
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  return typeof summary === 'string' ? summary : '';
}

/** Models write `null` for what they leave out; an optional key of ours is absent instead. */
function dropNulls(details: Record<string, unknown>): void {
  for (const key of Object.keys(details)) if (details[key] === null) delete details[key];
}

function outcome(
  parsed: v.SafeParseResult<typeof RecallSuggestion> | v.SafeParseResult<typeof SkillSuggestion>,
): Reading {
  return parsed.success ? { ok: true, suggestion: parsed.output } : no(firstIssue(parsed.issues));
}

function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0];
  if (!issue) return 'does not match the schema';
  const path = v.getDotPath(issue);
  return path ? `${path}: ${issue.message}` : issue.message;
}

const no = (reason: string): Reading => ({ ok: false, reason });
