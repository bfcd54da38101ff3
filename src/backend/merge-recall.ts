import type { Envelope } from '../contracts/envelope.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { RecallSuggestion } from '../contracts/suggestion.ts';
import { fingerprintOf, isSameFact } from '../assets/similarity.ts';
import { isTombstoned } from '../assets/tombstone.ts';
import { recallId } from '../kernel/digest.ts';
import type { Verdict } from './backend.ts';
import { discarded, substance } from './merge-state.ts';
import type { MergeState } from './merge-state.ts';

const PATH = 'recall/index.json';
const MIN_SUBSTANCE = 8;
/** A near-duplicate shares nearly all words, so it is among the very first. */
const CANDIDATES = 3;

/** Adds a note to recall, or joins it to the one that says the same already. */
export function mergeRecall(state: MergeState, suggestion: RecallSuggestion, envelope: Envelope): Verdict {
  const content = suggestion.details.content.trim();
  if (content === '') return discarded('missing_content');
  if (substance(content) < MIN_SUBSTANCE) return discarded('low_signal');
  const stones = state.task.tombstones;
  if (isTombstoned(`${suggestion.summary}\n${content}`, 'recall', stones) || isTombstoned(content, 'recall', stones))
    return discarded('tombstoned');
  const id = recallId(content);
  const isKnown = known(state, id);
  // A person has just removed it; what is there and was edited counts as known.
  if (!isKnown && state.task.handTouched.has(`recall:${id}`)) return discarded('hand_edit_wins', id);
  if (isKnown) return { outcome: 'duplicate', path: PATH };
  const record = recordOf(id, suggestion, envelope, state.task.at);
  const twin = nearDuplicate(state, content);
  if (!twin) {
    remember(state, record);
    return { outcome: 'added', path: PATH };
  }
  return join(state, twin, record);
}

const known = (state: MergeState, id: string): boolean => state.recallAdded.has(id) || state.task.recall.has(id);

function recordOf(id: string, suggestion: RecallSuggestion, envelope: Envelope, at: string): RecallRecord {
  const { details } = suggestion;
  return {
    id,
    summary: suggestion.summary.replaceAll(/\s+/g, ' ').trim(),
    content: details.content.trim(),
    source_paths: [...details.source_paths],
    repo_fingerprint: details.repo_fingerprint ?? envelope.repo_fingerprint,
    cwd: details.cwd ?? envelope.cwd,
    thread_id: details.thread_id ?? envelope.thread_id,
    turn_id: details.turn_id ?? '',
    source_updated_at: details.source_updated_at ?? envelope.reviewer_timestamp,
    ...(details.aliases.length > 0 ? { aliases: [...details.aliases] } : {}),
    created_at: at,
  };
}

/** Among the batch's own records by their sharp tokens, among the stored ones by asking the index. */
function nearDuplicate(state: MergeState, content: string): RecallRecord | undefined {
  const print = fingerprintOf(content);
  const fresh = state.recallBySharp.get(print.sharp)?.find((other) => isSameFact(other.print, print));
  if (fresh) return state.recallAdded.get(fresh.id);
  const stored = state.task.recall
    .similar(content, CANDIDATES)
    .map((record) => state.recallReplaced.get(record.id) ?? record);
  return stored.find((record) => isSameFact(fingerprintOf(record.content), print));
}

function remember(state: MergeState, record: RecallRecord): void {
  state.recallAdded.set(record.id, record);
  const print = fingerprintOf(record.content);
  const alike = state.recallBySharp.get(print.sharp);
  if (alike) alike.push({ id: record.id, print });
  else state.recallBySharp.set(print.sharp, [{ id: record.id, print }]);
}

/** The older text stays (its id is its content's); what the newer one adds around it is taken over. */
function join(state: MergeState, twin: RecallRecord, record: RecallRecord): Verdict {
  const aliases = [...new Set([...(twin.aliases ?? []), ...(record.aliases ?? [])])];
  const paths = [...new Set([...twin.source_paths, ...record.source_paths])];
  if (aliases.length === (twin.aliases?.length ?? 0) && paths.length === twin.source_paths.length)
    return { outcome: 'duplicate', path: PATH };
  const joined: RecallRecord = { ...twin, source_paths: paths, ...(aliases.length > 0 ? { aliases } : {}) };
  const place = state.recallAdded.has(twin.id) ? state.recallAdded : state.recallReplaced;
  place.set(twin.id, joined);
  return { outcome: 'merged', path: PATH };
}
