import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { isTombstoned } from '../assets/tombstone.ts';
import type { CompileAnswer, CompileTask } from '../backend/backend.ts';
import { MAX_ENTRY_CHARACTERS } from '../backend/merge-state.ts';
import { inventsNothing } from './answer-rests-on-batch.ts';
import { vanishedUnnamed } from './vanished-entries.ts';

/**
 * A backend's answer is a proposal. What follows holds for every backend, the deterministic one
 * included: an answer that breaks a rule is not promoted, not even in part.
 */
type Rule = (answer: CompileAnswer, task: CompileTask) => string | undefined;

const MAX_MEMORY_ENTRIES = 5_000;

/** An entry may go only when a suggestion of the batch names it, or when another entry now says the same. */
const keepsWhatNobodyNamed: Rule = (answer, task) => {
  for (const scope of ['user', 'global'] as const) {
    const lost = vanishedUnnamed(answer, task, scope);
    if (lost) return `the entry "${lost.summary.slice(0, 80)}" vanished without a suggestion that names it`;
  }
  return undefined;
};

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

/** A skill is written, changed or retired only when a suggestion of the batch names it. */
const changesOnlyNamedSkills: Rule = (answer, task) => {
  const before = new Map(task.skills.map((skill) => [skill.skill_id, skill]));
  const named = namedSkills(task);
  const changed = answer.skills.find((skill) => {
    const known = before.get(skill.skill_id);
    return !named.has(skill.skill_id) && !(known && isSameSkill(known, skill));
  });
  return changed ? `no suggestion names the skill ${changed.skill_id}` : undefined;
};

function namedSkills({ batch }: CompileTask): Set<unknown> {
  const details = batch.flatMap((envelope) => envelope.suggestions.map((suggestion) => suggestion.details));
  return new Set(
    details.flatMap((one) => {
      const candidate = one['skill_candidate'];
      return [one['skill_id'], isRecord(candidate) ? candidate['skill_id'] : undefined];
    }),
  );
}

const isSameSkill = (a: Skill, b: Skill): boolean =>
  a === b ||
  (a.content === b.content && a.title === b.title && a.description === b.description && a.status === b.status);

/** Only what is new counts: what a person wrote may be as long as they like. */
const staysWithinBounds: Rule = (answer, task) => {
  const texts = [
    ...newMemory(answer, task).map((record) => record.content),
    ...answer.recall.added.map((record) => record.content),
  ];
  if (texts.some((text) => text.length > MAX_ENTRY_CHARACTERS))
    return `an entry is longer than ${MAX_ENTRY_CHARACTERS} characters`;
  const count = answer.memory.user.length + answer.memory.global.length;
  const before = task.memory.user.length + task.memory.global.length;
  return count > Math.max(MAX_MEMORY_ENTRIES, before)
    ? `${count} memory entries are more than ${MAX_MEMORY_ENTRIES}`
    : undefined;
};

/** A record's text decides its id, so a changed record has the text that it had. */
const changesOnlyKnownRecall: Rule = (answer, task) => {
  const stranger = answer.recall.replaced.find((record) => !task.recall.has(record.id));
  if (stranger) return `the recall record ${stranger.id} is not there to be changed`;
  const rewritten = answer.recall.replaced.find((record) => {
    const known = task.recall.get(record.id);
    return known !== undefined && known.content !== record.content;
  });
  if (rewritten) return `the recall record ${rewritten.id} has another text`;
  const twice = answer.recall.added.find((record) => task.recall.has(record.id));
  return twice ? `the recall record ${twice.id} is there already` : undefined;
};

/** What a person told us to forget comes back by nobody's answer. */
const bringsBackNothingForgotten: Rule = (answer, task) => {
  const stones = task.tombstones;
  if (stones.length === 0) return undefined;
  const skills = new Set(task.skills.map((skill) => skill.content));
  const isBack =
    newMemory(answer, task).some((record) => isTombstoned(record.content, record.scope, stones)) ||
    answer.recall.added.some((record) => isTombstoned(record.content, 'recall', stones)) ||
    answer.skills.some((skill) => !skills.has(skill.content) && isTombstoned(skill.content, 'skill', stones));
  return isBack ? 'it brings back what was forgotten' : undefined;
};

/** What a person has just written stands as it is, whatever the batch says. */
const leavesHandEditsAlone: Rule = (answer, task) => {
  const touched = task.handTouched;
  for (const scope of ['user', 'global'] as const)
    for (const record of task.memory[scope].filter((one) => touched.has(`${scope}:${one.summary}`)))
      if (!answer.memory[scope].some((one) => one.summary === record.summary && one.content === record.content))
        return `the entry "${record.summary.slice(0, 80)}" was edited by hand`;
  const skill = task.skills.find(
    (one) =>
      touched.has(`skill:${one.skill_id}`) &&
      !answer.skills.some((kept) => kept.skill_id === one.skill_id && isSameSkill(kept, one)),
  );
  return skill ? `the skill ${skill.skill_id} was edited by hand` : undefined;
};

/** What a tool printed is nobody's wish: nothing that rests on this batch's tool output speaks for the user. */
const keepsToolWordsFromTheUser: Rule = (answer, task) => {
  const ids = new Set<string>(task.batch.map((envelope) => envelope.suggestion_id));
  const wrong = newMemory(answer, task).find(
    (record) =>
      record.scope === 'user' &&
      record.provenance.some(({ suggestion_id: id, basis }) => basis === 'tool' && ids.has(id)),
  );
  return wrong ? `the entry "${wrong.summary.slice(0, 80)}" rests on the output of a tool` : undefined;
};

/** Entries whose text is in no entry of that scope so far, each under the scope in which it stands. */
function newMemory(answer: CompileAnswer, task: CompileTask): MemoryRecord[] {
  return (['user', 'global'] as const).flatMap((scope) => {
    const known = new Set(task.memory[scope].map((record) => record.content));
    return answer.memory[scope].filter((record) => !known.has(record.content)).map((record) => ({ ...record, scope }));
  });
}

/** One verdict at least for each suggestion, and a reason with each that counts for nothing. */
const answersForEverySuggestion: Rule = (answer, task) => {
  const judged = new Set(answer.verdicts.map((verdict) => `${verdict.suggestion_id}#${verdict.index}`));
  for (const envelope of task.batch) {
    const missing = envelope.suggestions.findIndex((_, index) => !judged.has(`${envelope.suggestion_id}#${index}`));
    if (missing !== -1) return `suggestion ${missing} of ${envelope.suggestion_id} has no outcome`;
  }
  const silent = answer.verdicts.find((verdict) => verdict.outcome === 'discarded' && verdict.reason === undefined);
  return silent ? `suggestion ${silent.index} of ${silent.suggestion_id} is discarded without a reason` : undefined;
};

const rules = {
  keepsWhatNobodyNamed,
  touchesOnlyOwnSkills,
  changesOnlyNamedSkills,
  staysWithinBounds,
  changesOnlyKnownRecall,
  bringsBackNothingForgotten,
  leavesHandEditsAlone,
  keepsToolWordsFromTheUser,
  answersForEverySuggestion,
  restsOnTheBatch: inventsNothing,
} satisfies Record<string, Rule>;

/** @returns the answer, or the first rule that it breaks */
export function checkAnswer(answer: CompileAnswer, task: CompileTask): Result<CompileAnswer> {
  for (const [rule, check] of Object.entries(rules)) {
    const detail = check(answer, task);
    if (detail !== undefined) return fail({ reason: 'answer-rejected', rule, detail });
  }
  return succeed(answer);
}
