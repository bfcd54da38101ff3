import * as v from 'valibot';
import { Basis, Scope } from './suggestion.ts';

/** Where an entry comes from. */
export const Provenance = v.looseObject({
  suggestion_id: v.optional(v.string(), ''),
  thread_id: v.optional(v.string(), ''),
  turn_id: v.optional(v.string(), ''),
  at: v.optional(v.string(), ''),
  provider: v.optional(v.string()),
  basis: v.optional(Basis),
});
export type Provenance = v.InferOutput<typeof Provenance>;

/** One entry of USER.md (scope user) or MEMORY.md (scope global). */
export const MemoryRecord = v.looseObject({
  scope: Scope,
  summary: v.string(),
  content: v.string(),
  source_paths: v.optional(v.array(v.string()), []),
  confidence: v.optional(v.number(), 1),
  provenance: v.optional(v.array(Provenance), []),
});
export type MemoryRecord = v.InferOutput<typeof MemoryRecord>;

/** memory/memory.json, and memory.json inside a generation. */
export const Memory = v.looseObject({
  user: v.optional(v.array(MemoryRecord), []),
  global: v.optional(v.array(MemoryRecord), []),
});
export type Memory = v.InferOutput<typeof Memory>;
