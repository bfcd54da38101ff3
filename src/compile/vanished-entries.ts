import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { covers } from '../assets/covers.ts';
import type { CompileAnswer, CompileTask } from '../backend/backend.ts';

/**
 * The first entry that the answer lost and for which nothing speaks. An entry may go when another one
 * says everything that it said, or when a suggestion that was carried out names it. One suggestion
 * accounts for one summary, however many summaries contain the words by which it names it.
 */
export function vanishedUnnamed(answer: CompileAnswer, task: CompileTask, scope: Scope): MemoryRecord | undefined {
  const kept = answer.memory[scope];
  const contents = new Set(kept.map((record) => record.content));
  const lost = task.memory[scope].filter((record) => !contents.has(record.content));
  if (lost.length === 0) return undefined;
  const unsaid = lost.filter((record) => !kept.some((other) => covers(other.content, record.content)));
  const names = carriedOut(answer, task, scope);
  const unnamed = firstUnmatched([...new Set(unsaid.map((record) => record.summary))], names);
  return unsaid.find((record) => record.summary === unnamed);
}

/** How the suggestions that replaced or removed something name it. */
function carriedOut(answer: CompileAnswer, task: CompileTask, scope: Scope): string[] {
  const done = new Set(
    answer.verdicts
      .filter(({ outcome, family }) => family === 'memory_updates' && (outcome === 'replaced' || outcome === 'removed'))
      .map((verdict) => `${verdict.suggestion_id}#${verdict.index}`),
  );
  return task.batch.flatMap((envelope) =>
    envelope.suggestions.flatMap(({ details }, index) => {
      const { old_summary: name, scope: given, basis } = details;
      if (!done.has(`${envelope.suggestion_id}#${index}`) || typeof name !== 'string' || name.trim() === '') return [];
      const meant = given === 'user' && basis !== 'tool' ? 'user' : 'global';
      return meant === scope ? [name.trim()] : [];
    }),
  );
}

/** Gives each summary a name of its own, as long as there is a way to do so (augmenting paths). */
function firstUnmatched(summaries: readonly string[], names: readonly string[]): string | undefined {
  const taken = new Map<number, string>();
  const assign = (summary: string, tried: Set<number>): boolean => {
    for (const [index, name] of names.entries()) {
      if (tried.has(index) || !summary.includes(name)) continue;
      tried.add(index);
      const holder = taken.get(index);
      if (holder !== undefined && !assign(holder, tried)) continue;
      taken.set(index, summary);
      return true;
    }
    return false;
  };
  return summaries.find((summary) => !assign(summary, new Set()));
}
