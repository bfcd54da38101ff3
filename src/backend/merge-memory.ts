import type { Envelope } from '../contracts/envelope.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { MemorySuggestion, Scope } from '../contracts/suggestion.ts';
import { isSameFact, normalContent } from '../assets/similarity.ts';
import { isTombstoned } from '../assets/tombstone.ts';
import type { Verdict } from './backend.ts';
import { discarded, printOf, provenanceOf, substance, turnOf } from './merge-state.ts';
import type { MergeState } from './merge-state.ts';

/** The mirrors that show memory. */
export const MEMORY_PATHS = { user: 'memory/USER.md', global: 'memory/MEMORY.md' } satisfies Record<Scope, string>;
/** "Use tabs" has seven; less is a slip of the reviewer. */
const MIN_SUBSTANCE = 4;

/** Adds, replaces or removes one memory entry. Existing entries go only when a suggestion names them. */
export function mergeMemory(state: MergeState, suggestion: MemorySuggestion, envelope: Envelope): Verdict {
  const { action, scope } = suggestion.details;
  if (action !== 'remove') {
    const refusal = refuse(state, suggestion);
    if (refusal) return refusal;
  }
  const record = recordOf(suggestion, envelope);
  switch (action) {
    case 'add':
      return add(state, record);
    case 'replace':
    case 'remove': {
      const named = namedEntry(state, scope, suggestion.details.old_summary ?? '');
      if (!named.ok) return named.verdict;
      return action === 'replace' ? replace(state, named.summary, record) : remove(state, scope, named.summary);
    }
  }
}

function refuse(state: MergeState, suggestion: MemorySuggestion): Verdict | undefined {
  const { content, scope } = suggestion.details;
  if (content.trim() === '') return discarded('missing_content');
  if (substance(content) < MIN_SUBSTANCE) return discarded('low_signal');
  const text = `${suggestion.summary}\n${content}`;
  const stones = state.task.tombstones;
  if (isTombstoned(text, scope, stones) || isTombstoned(content, scope, stones)) return discarded('tombstoned');
  return undefined;
}

function recordOf(suggestion: MemorySuggestion, envelope: Envelope): MemoryRecord {
  const { scope, content, source_paths: paths, basis } = suggestion.details;
  return {
    scope,
    summary: suggestion.summary.replaceAll(/\s+/g, ' ').trim(),
    content: content.trim(),
    source_paths: [...paths],
    confidence: suggestion.confidence,
    provenance: [provenanceOf(envelope, turnOf(envelope, suggestion.details), basis)],
  };
}

function add(state: MergeState, record: MemoryRecord): Verdict {
  const records = state.memory[record.scope];
  const path = MEMORY_PATHS[record.scope];
  const print = printOf(state, record.content);
  const prints = records.map((known) => printOf(state, known.content));
  if (prints.some((known) => known.normal === print.normal)) return { outcome: 'duplicate', path };
  const index = prints.findIndex((known) => isSameFact(known, print));
  const known = records[index];
  if (!known) {
    records.push(record);
    return { outcome: 'added', path };
  }
  records[index] = {
    ...known,
    confidence: Math.max(known.confidence, record.confidence),
    source_paths: [...new Set([...known.source_paths, ...record.source_paths])],
    provenance: [...known.provenance, ...record.provenance],
  };
  return { outcome: 'merged', path };
}

type Named = { ok: true; summary: string } | { ok: false; verdict: Verdict };

/**
 * The one existing summary that `old_summary` names: the equal one, otherwise the only one that
 * contains it. Several entries with one and the same summary count as one.
 */
function namedEntry(state: MergeState, scope: Scope, oldSummary: string): Named {
  const wanted = oldSummary.trim();
  const summaries = [...new Set(state.memory[scope].map((record) => record.summary))];
  const containing = summaries.includes(wanted) ? [wanted] : summaries.filter((summary) => summary.includes(wanted));
  const [summary, second] = containing;
  if (summary === undefined || wanted === '')
    return { ok: false, verdict: discarded('no_match', `no entry contains "${wanted}"`) };
  if (second !== undefined)
    return { ok: false, verdict: discarded('ambiguous_match', `${containing.length} entries contain "${wanted}"`) };
  if (state.task.handTouched.has(`${scope}:${summary}`))
    return { ok: false, verdict: discarded('hand_edit_wins', summary) };
  return { ok: true, summary };
}

function replace(state: MergeState, summary: string, record: MemoryRecord): Verdict {
  const records = state.memory[record.scope];
  const old = records.filter((known) => known.summary === summary);
  const index = records.findIndex((known) => known.summary === summary);
  const successor = {
    ...record,
    provenance: [...old.flatMap((known) => known.provenance).slice(-9), ...record.provenance],
  };
  const others = records.filter((known) => known.summary !== summary);
  const duplicate = others.some((known) => normalContent(known.content) === normalContent(record.content));
  state.memory[record.scope] = duplicate ? others : others.toSpliced(index, 0, successor);
  return { outcome: 'replaced', path: MEMORY_PATHS[record.scope] };
}

function remove(state: MergeState, scope: Scope, summary: string): Verdict {
  state.memory[scope] = state.memory[scope].filter((known) => known.summary !== summary);
  return { outcome: 'removed', path: MEMORY_PATHS[scope] };
}
