import type { MemoryRecord, Provenance } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { provenanceOf, turnOf } from './merge-state.ts';
import type { OpenPart } from './sort-out.ts';

/** As many as a replaced entry hands on. */
const KEPT_PROVENANCE = 9;

interface Writing {
  scope: Scope;
  summary: string;
  content: string;
  sources: readonly OpenPart[];
  /** The entries in whose place it stands. */
  before: readonly MemoryRecord[];
  replaces: boolean;
}

/** An entry in an agent's words; everything else comes from what it rests on. */
export function writeRecord({ scope, summary, content, sources, before, replaces }: Writing): MemoryRecord {
  const suggestions = sources.map((part) => part.suggestion);
  const own = suggestions.flatMap(({ details }) => ('source_paths' in details ? details.source_paths : []));
  // As with the deterministic merge: a replacement speaks for itself, a completed entry keeps what it had.
  const older = replaces ? [] : before;
  return {
    ...before[0],
    scope,
    summary,
    content,
    source_paths: [...new Set([...older.flatMap((record) => record.source_paths), ...own])],
    confidence: Math.max(
      ...older.map((record) => record.confidence),
      ...suggestions.map((suggestion) => suggestion.confidence),
      0,
    ),
    provenance: [
      ...before.flatMap((record) => record.provenance).slice(-KEPT_PROVENANCE),
      ...sources.map(provenanceOfPart),
    ],
  };
}

const provenanceOfPart = ({ envelope, suggestion }: OpenPart): Provenance =>
  provenanceOf(
    envelope,
    turnOf(envelope, suggestion.details),
    'basis' in suggestion.details ? suggestion.details.basis : undefined,
  );
