import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import { saysTheSame } from '../assets/similarity.ts';
import { isTombstoned } from '../assets/tombstone.ts';
import type { CompileAnswer, CompileTask } from '../backend/backend.ts';

/**
 * A backend's answer is a proposal. What follows holds for every backend, the deterministic one
 * included: an answer that breaks a rule is not promoted, not even in part.
 */
type Rule = (answer: CompileAnswer, task: CompileTask) => string | undefined;

const MAX_ENTRY_CHARACTERS = 20_000;
const MAX_MEMORY_ENTRIES = 5_000;

/** An entry may go only when a suggestion of the batch names it, or when another entry now says the same. */
const keepsWhatNobodyNamed: Rule = (answer, task) => {
  const named = namedSummaries(task.batch);
  for (const scope of ['user', 'global'] as const) {
    const kept = answer.memory[scope];
    const lost = task.memory[scope].find(
      (record) =>
        !named.some((name) => record.summary.includes(name)) && !kept.some((other) => isCovered(record, other)),
    );
    if (lost) return `the entry "${lost.summary.slice(0, 80)}" vanished without a suggestion that names it`;
  }
  return undefined;
};

const isCovered = (record: MemoryRecord, other: MemoryRecord): boolean =>
  record.content === other.content || saysTheSame(record.content, other.content);

function namedSummaries(batch: readonly Envelope[]): string[] {
  return batch.flatMap((envelope) =>
    envelope.suggestions.flatMap((suggestion) => {
      const name = suggestion.details['old_summary'];
      return typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [];
    }),
  );
}

const touchesOnlyOwnSkills: Rule = (answer, task) => {
  const after = new Map(answer.skills.map((skill) => [skill.skill_id, skill]));
  for (const skill of task.skills) {
    const kept = after.get(skill.skill_id);
    if (!kept) return `the skill ${skill.skill_id} vanished`;
    const foreign = skill.owner !== PLUGIN_OWNER || !skill.managed;
    if (foreign && JSON.stringify(kept) !== JSON.stringify(skill))
      return `the skill ${skill.skill_id} belongs to ${skill.owner || 'somebody else'}`;
  }
  const known = new Set(task.skills.map((skill) => skill.skill_id));
  const stranger = answer.skills.find(
    (skill) => !known.has(skill.skill_id) && (skill.owner !== PLUGIN_OWNER || !skill.managed),
  );
  return stranger ? `the new skill ${stranger.skill_id} is not ours` : undefined;
};

const staysWithinBounds: Rule = (answer) => {
  const texts = [
    ...answer.memory.user.map((record) => record.content),
    ...answer.memory.global.map((record) => record.content),
    ...answer.recall.added.map((record) => record.content),
  ];
  if (texts.some((text) => text.length > MAX_ENTRY_CHARACTERS))
    return `an entry is longer than ${MAX_ENTRY_CHARACTERS} characters`;
  const count = answer.memory.user.length + answer.memory.global.length;
  return count > MAX_MEMORY_ENTRIES ? `${count} memory entries are more than ${MAX_MEMORY_ENTRIES}` : undefined;
};

const changesOnlyKnownRecall: Rule = (answer, task) => {
  const stranger = answer.recall.replaced.find((record) => !task.recall.has(record.id));
  return stranger ? `the recall record ${stranger.id} is not there to be changed` : undefined;
};

/** What a person told us to forget comes back by nobody's answer. */
const bringsBackNothingForgotten: Rule = (answer, task) => {
  const stones = task.tombstones;
  const known = new Set([...task.memory.user, ...task.memory.global].map((record) => record.content));
  const memory = [...answer.memory.user, ...answer.memory.global].filter((record) => !known.has(record.content));
  const skills = new Set(task.skills.map((skill) => skill.content));
  const isBack =
    memory.some((record) => isTombstoned(record.content, record.scope, stones)) ||
    answer.recall.added.some((record) => isTombstoned(record.content, 'recall', stones)) ||
    answer.skills.some((skill) => !skills.has(skill.content) && isTombstoned(skill.content, 'skill', stones));
  return isBack ? 'it brings back what was forgotten' : undefined;
};

const answersForEverySuggestion: Rule = (answer, task) => {
  const judged = new Set(answer.verdicts.map((verdict) => `${verdict.suggestion_id}#${verdict.index}`));
  for (const envelope of task.batch) {
    const missing = envelope.suggestions.findIndex((_, index) => !judged.has(`${envelope.suggestion_id}#${index}`));
    if (missing !== -1) return `suggestion ${missing} of ${envelope.suggestion_id} has no outcome`;
  }
  return undefined;
};

const rules = {
  keepsWhatNobodyNamed,
  touchesOnlyOwnSkills,
  staysWithinBounds,
  changesOnlyKnownRecall,
  bringsBackNothingForgotten,
  answersForEverySuggestion,
} satisfies Record<string, Rule>;

/** @returns the answer, or the first rule that it breaks */
export function checkAnswer(answer: CompileAnswer, task: CompileTask): Result<CompileAnswer> {
  for (const [rule, check] of Object.entries(rules)) {
    const detail = check(answer, task);
    if (detail !== undefined) return fail({ reason: 'answer-rejected', rule, detail });
  }
  return succeed(answer);
}
