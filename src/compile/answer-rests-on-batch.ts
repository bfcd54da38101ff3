import { stringsIn } from '../contracts/json.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { Skill } from '../contracts/skills.ts';
import type { CompileAnswer, CompileTask } from '../backend/backend.ts';
import { inventedPart, readingOf } from '../backend/text-overlap.ts';
import type { Reading } from '../backend/text-overlap.ts';

/** Every new text must rest on suggestions of the batch, or on what was there before. */
export function inventsNothing(answer: CompileAnswer, task: CompileTask): string | undefined {
  const said = readingsByEnvelope(task);
  const verbatim = wordsOfBatch(task);
  for (const scope of ['user', 'global'] as const) {
    const known = new Set(task.memory[scope].map((record) => record.content));
    const contents = new Set(answer.memory[scope].map((record) => record.content));
    const gone = task.memory[scope].filter((record) => !contents.has(record.content)).map(readingOfEntry);
    for (const record of answer.memory[scope]) {
      if (known.has(record.content) || (record.provenance.length > 0 && verbatim.has(record.content))) continue;
      const own = record.provenance.flatMap(({ suggestion_id: id }) => said.get(id) ?? []);
      const why = own.length + gone.length === 0 ? NOTHING : inventedPart(readingOfEntry(record), [...own, ...gone]);
      if (why !== undefined) return `the entry "${record.summary.slice(0, 80)}": ${why}`;
    }
  }
  return inventedRecallOrSkill(answer, task, { said: [...said.values()].flat(), verbatim });
}

const NOTHING = 'it rests on no suggestion';

interface Batch {
  said: readonly Reading[];
  verbatim: ReadonlySet<string>;
}

function inventedRecallOrSkill(
  answer: CompileAnswer,
  task: CompileTask,
  { said, verbatim }: Batch,
): string | undefined {
  for (const record of answer.recall.added) {
    if (verbatim.has(record.content)) continue;
    const why = inventedPart(readingOfEntry(record), said);
    if (why !== undefined) return `the recall record "${record.summary.slice(0, 80)}": ${why}`;
  }
  const before = new Map(task.skills.map((skill) => [skill.skill_id, skill]));
  for (const skill of answer.skills) {
    const known = before.get(skill.skill_id);
    if (known?.content === skill.content || verbatim.has(skill.content)) continue;
    const why = inventedPart(readingOfSkill(skill), [...said, ...(known ? [readingOfSkill(known)] : [])]);
    if (why !== undefined) return `the skill ${skill.skill_id}: ${why}`;
  }
  return undefined;
}

/** Whole, as its sources are read: the "not" of a note may stand in its summary alone. */
const readingOfEntry = ({ summary, content }: Pick<MemoryRecord, 'summary' | 'content'>): Reading =>
  readingOf(`${summary}\n${content}`);

const readingOfSkill = ({ title, description, content }: Skill): Reading =>
  readingOf([title, description ?? '', content].join('\n'));

/** What stands in a suggestion word for word needs no further proof. */
const wordsOfBatch = (task: CompileTask): Set<string> =>
  new Set(
    task.batch.flatMap(({ suggestions }) => suggestions.flatMap((one) => [one.summary, ...stringsIn(one.details)])),
  );

const readingsByEnvelope = (task: CompileTask): Map<string, Reading[]> =>
  new Map(
    task.batch.map((envelope) => [
      envelope.suggestion_id,
      envelope.suggestions.map(({ summary, details }) => readingOf([summary, ...stringsIn(details)].join('\n'))),
    ]),
  );
