import type { Envelope } from '../contracts/envelope.ts';
import { readSuggestion } from '../contracts/read-suggestion.ts';
import type { Suggestion } from '../contracts/suggestion.ts';
import { envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { recallId } from '../kernel/digest.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { textOf } from './find-entries.ts';
import type { FoundEntry } from './find-entries.ts';

/** What suggestions that still wait would make known: nothing of it is promoted, and it can be forgotten all the same. */
export function waitingEntries(layout: BucketLayout): FoundEntry[] {
  const entries = (['pending', 'processing', 'failed'] as const).flatMap((state) =>
    envelopeIds(layout, state).flatMap((id) => {
      const envelope = readEnvelope(layout, state, id);
      return envelope.ok ? entriesOf(envelope.value) : [];
    }),
  );
  return entries.filter((entry, index) => entries.findIndex((other) => textOf(other) === textOf(entry)) === index);
}

const entriesOf = (envelope: Envelope): FoundEntry[] =>
  envelope.suggestions.flatMap((stored) => {
    const { family, summary, details, confidence } = stored;
    const reading = readSuggestion(family, { summary, details, confidence });
    return reading.ok ? entryOf(reading.suggestion, envelope) : [];
  });

function entryOf(suggestion: Suggestion, envelope: Envelope): FoundEntry[] {
  const { summary, confidence } = suggestion;
  const { suggestion_id: suggestionId, thread_id: threadId, cwd } = envelope;
  switch (suggestion.family) {
    case 'memory_updates': {
      const { scope, content, action, source_paths: sourcePaths } = suggestion.details;
      const provenance = [{ suggestion_id: suggestionId, thread_id: threadId, turn_id: '', at: '' }];
      const record = { scope, summary, content, source_paths: sourcePaths, confidence, provenance };
      return action === 'remove' ? [] : [{ kind: scope, record }];
    }
    case 'recall_candidate': {
      const { content, source_paths: sourcePaths, aliases } = suggestion.details;
      const place = { repo_fingerprint: '', cwd, thread_id: threadId, turn_id: '', source_updated_at: '' };
      const record = { id: recallId(content), summary, content, aliases, source_paths: sourcePaths, ...place };
      return [{ kind: 'recall', record }];
    }
    case 'skill_action': {
      const { action, skill_id: skillId, title, description, content } = suggestion.details;
      const owned = {
        path: '',
        status: 'active' as const,
        owner: '',
        managed: false,
        updated_at: '',
        retired_at: null,
      };
      const record = { skill_id: skillId, action, title, description, content, created_by: suggestionId, ...owned };
      return action === 'retire' ? [] : [{ kind: 'skill', record }];
    }
  }
}
