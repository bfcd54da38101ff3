import type { AgentEntry } from '../contracts/agent-answer.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { covers } from '../assets/covers.ts';
import { normalContent } from '../assets/similarity.ts';
import type { Shown } from './agent-payload.ts';
import type { AgentState, Outcome } from './agent-state.ts';
import { claimed, cleanLine, cleanText, fine, judgeAll, refuse, sourcesOf, suspicion } from './agent-state.ts';
import type { Absorbed } from './backend.ts';
import { MEMORY_PATHS } from './merge-memory.ts';
import { writeRecord } from './write-record.ts';
import type { OpenPart } from './sort-out.ts';
import { inventedPart, readingOf } from './text-overlap.ts';
import type { Reading } from './text-overlap.ts';

type ShownRecord = Shown<MemoryRecord>;

/** A new or changed entry of the answer. */
interface Proposal {
  entry: AgentEntry;
  summary: string;
  content: string;
  reading: Reading;
}

/** One scope of memory while the answer's entries find their places in it. */
interface ScopeWork {
  state: AgentState;
  scope: Scope;
  /** Memory suggestions that may end in this scope. */
  parts: OpenPart[];
  /** Shown entries that the answer does not have; what is left of them in the end is gone. */
  gone: Set<ShownRecord>;
  proposals: Proposal[];
  /** In the place of its first predecessor, or new. */
  written: { record: MemoryRecord; before: MemoryRecord | undefined }[];
}

/** Takes over what the answer says about one scope. @returns the entries that went because others say the same */
export function applyMemory(state: AgentState, scope: Scope): Outcome & { absorbed?: Absorbed[] } {
  const work: ScopeWork = {
    state,
    scope,
    parts: state.open.filter((part) => mayEndIn(part, scope)),
    gone: new Set(state.sent.memory[scope]),
    proposals: [],
    written: [],
  };
  for (const entry of state.answer.memory_records[scope]) place(work, entry);
  const named = namedEntries(work);
  for (const proposal of work.proposals) {
    const written = write(work, proposal, named);
    if (!written.ok) return written;
  }
  for (const [part, entries] of named) settleNamed(work, part, entries);
  const memory = assemble(work);
  state.merge.memory[scope] = memory;
  return { ...fine, absorbed: absorbedIn(work, named, memory) };
}

/** A wish may become a fact about the project, never the other way round. */
function mayEndIn(part: OpenPart, scope: Scope): boolean {
  const { suggestion } = part;
  if (part.family !== 'memory_updates' || suggestion.family !== 'memory_updates') return false;
  return scope === 'global' || suggestion.details.scope === 'user';
}

/** Finds the entry that is given back unchanged; what is none becomes a proposal. */
function place(work: ScopeWork, entry: AgentEntry): void {
  const summary = cleanLine(entry.summary);
  const content = cleanText(entry.content);
  const unchanged = unchangedEntries(work, summary, content);
  const path = MEMORY_PATHS[work.scope];
  for (const shown of unchanged) {
    work.gone.delete(shown);
    judgeAll(work.state, claimed(work.parts, entry.provenance, readingOfShown(shown)), { outcome: 'duplicate', path });
  }
  if (unchanged.length > 0 || content === '' || isKept(work, content)) return;
  const reading = readingOf(`${summary}\n${content}`);
  work.proposals.push({ entry, summary: summary || content.slice(0, 80), content, reading });
}

/** An entry may be given by its summary alone. */
function unchangedEntries({ gone }: ScopeWork, summary: string, content: string): ShownRecord[] {
  const left = [...gone];
  if (content === '') return left.filter((shown) => oneLine(shown.summary) === summary);
  const normal = normalContent(content);
  const alike = left.filter((shown) => normalContent(shown.content) === normal);
  const same = alike.find((shown) => oneLine(shown.summary) === summary) ?? alike[0];
  return same ? [same] : [];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Said twice, or an entry that the agent was not shown. */
function isKept({ state, scope, gone, proposals }: ScopeWork, content: string): boolean {
  const normal = normalContent(content);
  const left = new Set([...gone].map((shown) => shown.record));
  return (
    state.task.memory[scope].some((record) => !left.has(record) && normalContent(record.content) === normal) ||
    proposals.some((proposal) => normalContent(proposal.content) === normal)
  );
}

type NamedEntries = Map<OpenPart, ShownRecord[]>;

/** For each suggestion that replaces or removes: the entries that are gone and that it names; each entry once. */
function namedEntries(work: ScopeWork): NamedEntries {
  const named: NamedEntries = new Map();
  const free = new Set(work.gone);
  for (const part of work.parts) {
    const { suggestion } = part;
    if (suggestion.family !== 'memory_updates' || suggestion.details.scope !== work.scope) continue;
    const wanted = suggestion.details.old_summary?.trim() ?? '';
    if (suggestion.details.action === 'add' || wanted === '') continue;
    const summaries = [...free].map((shown) => shown.record.summary);
    const summary = summaries.find((one) => one === wanted) ?? summaries.find((one) => one.includes(wanted));
    const entries = [...free].filter((shown) => shown.record.summary === summary);
    for (const shown of entries) free.delete(shown);
    named.set(part, entries);
  }
  return named;
}

function write(work: ScopeWork, proposal: Proposal, named: NamedEntries): Outcome {
  const { state, scope } = work;
  const { summary, content, reading, entry } = proposal;
  const sources = sourcesOf(work.parts, entry.provenance, reading).filter((part) => !removes(part));
  const replaced = sources.flatMap((part) => named.get(part) ?? []);
  const others = [...work.gone].filter(
    (shown) => !replaced.includes(shown) && (oneLine(shown.summary) === summary || covers(content, shown.content)),
  );
  const before = [...replaced, ...others];
  const suspicious = suspicion([summary, content]);
  if (suspicious) {
    // Nothing of what it was to replace goes.
    for (const shown of before) work.gone.delete(shown);
    judgeAll(state, sources, suspicious);
    return fine;
  }
  if (sources.length === 0 && !isMergeOf(proposal, others))
    return refuse('restsOnTheBatch', `the entry "${summary.slice(0, 80)}" rests on no suggestion`);
  const invented = inventedPart(reading, [...sources.map((part) => part.reading), ...before.map(readingOfShown)]);
  if (invented !== undefined) return refuse('restsOnTheBatch', `the entry "${summary.slice(0, 80)}": ${invented}`);
  const records = before.map((shown) => shown.record);
  const record = writeRecord({ scope, summary, content, sources, before: records, replaces: replaced.length > 0 });
  work.written.push({ record, before: records[0] });
  judgeWritten(work, sources, { named, merges: others.length > 0 });
  return fine;
}

/** Several entries that say the same, put into one. */
const isMergeOf = ({ content }: Proposal, others: readonly ShownRecord[]): boolean =>
  others.length > 0 &&
  others.every((shown) => covers(content, shown.content)) &&
  covers(others.map((shown) => shown.content).join('\n'), content);

const readingOfShown = (shown: ShownRecord): Reading => readingOf(`${shown.summary}\n${shown.content}`);

const removes = ({ suggestion }: OpenPart): boolean =>
  suggestion.family === 'memory_updates' && suggestion.details.action === 'remove';

function judgeWritten(
  { state, scope }: ScopeWork,
  sources: readonly OpenPart[],
  { named, merges }: { named: NamedEntries; merges: boolean },
): void {
  const path = MEMORY_PATHS[scope];
  const replacing = sources.filter((part) => (named.get(part)?.length ?? 0) > 0);
  judgeAll(state, replacing, { outcome: 'replaced', path });
  const others = sources.filter((part) => !replacing.includes(part));
  judgeAll(state, others, { outcome: merges || replacing.length > 0 ? 'merged' : 'added', path });
}

/** What a suggestion named is gone: removed, or replaced by an entry that was there already. */
function settleNamed({ state, scope, gone }: ScopeWork, part: OpenPart, entries: readonly ShownRecord[]): void {
  if (entries.length === 0 || !entries.every((shown) => gone.has(shown))) return;
  const path = MEMORY_PATHS[scope];
  if (removes(part)) judgeAll(state, [part], { outcome: 'removed', path });
  else {
    const normal = normalContent(part.suggestion.details.content);
    if (state.task.memory[scope].some((record) => normalContent(record.content) === normal))
      judgeAll(state, [part], { outcome: 'replaced', path });
  }
}

/** The store's order; a changed entry stands where the one before it stood. */
function assemble({ state, scope, gone, written }: ScopeWork): MemoryRecord[] {
  const left = new Set([...gone].map((shown) => shown.record));
  const kept = state.task.memory[scope].flatMap((record) => {
    const successors = written.filter(({ before }) => before === record).map((one) => one.record);
    return left.has(record) ? successors : [record, ...successors];
  });
  return [...kept, ...written.filter(({ before }) => before === undefined).map((one) => one.record)];
}

function absorbedIn({ scope, gone }: ScopeWork, named: NamedEntries, memory: readonly MemoryRecord[]): Absorbed[] {
  const asked = new Set([...named.values()].flat());
  return [...gone].flatMap(({ record }) => {
    if ([...asked].some((shown) => shown.record === record)) return [];
    const into = memory.find((other) => covers(other.content, record.content));
    return into ? [{ scope, summary: record.summary, into: into.summary }] : [];
  });
}
