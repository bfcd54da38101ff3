import { stringsIn } from '../contracts/json.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { CompileAnswer, CompileTask } from '../backend/backend.ts';
import { inventedPart, readingOf } from '../backend/text-overlap.ts';
import type { Reading } from '../backend/text-overlap.ts';

/** Every new text must rest on suggestions of the batch, or on what was there before. */
export function inventsNothing(answer: CompileAnswer, task: CompileTask): string | undefined {
  const said = readingsByEnvelope(task);
  for (const scope of ['user', 'global'] as const) {
    const known = new Set(task.memory[scope].map((record) => record.content));
    const contents = new Set(answer.memory[scope].map((record) => record.content));
    const gone = task.memory[scope].filter((record) => !contents.has(record.content)).map(readingOfEntry);
    for (const record of answer.memory[scope].filter((one) => !known.has(one.content))) {
      const own = record.provenance.flatMap(({ suggestion_id: id }) => said.get(id) ?? []);
      const why = own.length + gone.length === 0 ? NOTHING : inventedPart(readingOf(record.content), [...own, ...gone]);
      if (why !== undefined) return `the entry "${record.summary.slice(0, 80)}": ${why}`;
    }
  }
  return inventedRecallOrSkill(answer, task, [...said.values()].flat());
}

const NOTHING = 'it rests on no suggestion';

function inventedRecallOrSkill(answer: CompileAnswer, task: CompileTask, said: readonly Reading[]): string | undefined {
  for (const record of answer.recall.added) {
    const why = inventedPart(readingOf(record.content), said);
    if (why !== undefined) return `the recall record "${record.summary.slice(0, 80)}": ${why}`;
  }
  const before = new Map(task.skills.map((skill) => [skill.skill_id, skill]));
  for (const skill of answer.skills) {
    const known = before.get(skill.skill_id);
    if (known?.content === skill.content) continue;
    const why = inventedPart(readingOf(skill.content), [...said, ...(known ? [readingOf(known.content)] : [])]);
    if (why !== undefined) return `the skill ${skill.skill_id}: ${why}`;
  }
  return undefined;
}

const readingOfEntry = (record: MemoryRecord): Reading => readingOf(`${record.summary}\n${record.content}`);

const readingsByEnvelope = (task: CompileTask): Map<string, Reading[]> =>
  new Map(
    task.batch.map((envelope) => [
      envelope.suggestion_id,
      envelope.suggestions.map(({ summary, details }) => readingOf([summary, ...stringsIn(details)].join('\n'))),
    ]),
  );
