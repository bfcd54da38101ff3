import * as v from 'valibot';
import type { AgentSkill } from '../contracts/agent-answer.ts';
import { SkillId } from '../contracts/ids.ts';
import type { Skill } from '../contracts/skills.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { AgentState, Outcome } from './agent-state.ts';
import { cleanLine, cleanText, fine, judgeAll, refuse, suspicion } from './agent-state.ts';
import { mergeSkill } from './merge-skill.ts';
import type { SkillAction } from './merge-skill.ts';
import type { OpenPart } from './sort-out.ts';
import { inventedPart, readingOf, share } from './text-overlap.ts';

/** Takes over the skills of an answer that suggestions of the batch name. */
export function applySkills(state: AgentState): Outcome {
  for (const skill of state.answer.compiled_skills) {
    const applied = applySkill(state, skill);
    if (!applied.ok) return applied;
  }
  return fine;
}

function applySkill(state: AgentState, skill: AgentSkill): Outcome {
  const existing = state.task.skills.find((known) => known.skill_id === skill.skill_id);
  const draft = draftOf(skill, existing);
  if (existing && isUnchanged(state, draft, existing)) return fine;
  if (existing && (existing.owner !== PLUGIN_OWNER || !existing.managed)) {
    const owner = existing.owner || 'somebody else';
    return refuse('touchesOnlyOwnSkills', `the skill ${existing.skill_id} belongs to ${owner}`);
  }
  const sources = sourcesOfSkill(state, draft);
  const [first] = sources;
  if (!first || !v.is(SkillId, skill.skill_id)) {
    const asked = `asks to ${draft.action === 'retire' ? 'retire' : 'write'}`;
    return refuse('restsOnTheBatch', `no suggestion ${asked} the skill "${skill.skill_id.slice(0, 80)}"`);
  }
  const suspicious = suspicion([draft.title, draft.description, draft.content]);
  if (suspicious) {
    judgeAll(state, sources, suspicious);
    return fine;
  }
  const checked = checkDraft(draft, sources, existing);
  if (checked.ok) judgeAll(state, sources, mergeSkill(state.merge, draft, first.envelope));
  return checked;
}

const sourcesOfSkill = (state: AgentState, draft: SkillAction): OpenPart[] =>
  state.open.filter(
    ({ skill }) => skill?.skill_id === draft.skill_id && (skill.action === 'retire') === (draft.action === 'retire'),
  );

function checkDraft(draft: SkillAction, sources: readonly OpenPart[], existing: Skill | undefined): Outcome {
  if (draft.action === 'retire') return fine;
  if (existing && isGutted(draft, existing, sources))
    return refuse('keepsWhatNobodyNamed', `the skill ${existing.skill_id} was to be patched and lost most of its text`);
  const invented = inventedInSkill(draft, sources, existing);
  return invented === undefined ? fine : refuse('restsOnTheBatch', `the skill ${draft.skill_id}: ${invented}`);
}

/** Whole texts: what was there already is in them. */
const draftOf = (skill: AgentSkill, existing: Skill | undefined): SkillAction => ({
  skill_id: skill.skill_id,
  action: skill.action === 'retire' ? 'retire' : existing ? 'edit' : 'create',
  title: cleanLine(skill.title),
  description: cleanLine(skill.description),
  content: cleanText(skill.content),
});

function isUnchanged(state: AgentState, draft: SkillAction, existing: Skill): boolean {
  if (draft.action === 'retire') return existing.status === 'retired';
  const shown = state.sent.skills.find(({ record }) => record === existing);
  const content = shown?.content ?? existing.content;
  return draft.content === '' || draft.content === content.trim();
}

/** A patch corrects or completes; whoever leaves the rest out has forgotten it. */
const isGutted = (draft: SkillAction, existing: Skill, sources: readonly OpenPart[]): boolean =>
  existing.status === 'active' &&
  sources.every(({ skill }) => skill?.action === 'patch') &&
  share(readingOf(existing.content).terms, readingOf(draft.content).terms) < KEPT_BY_A_PATCH;

const KEPT_BY_A_PATCH = 0.6;

/** The title and the description count as well: they are what Codex is shown in every session. */
function inventedInSkill(
  draft: SkillAction,
  sources: readonly OpenPart[],
  existing: Skill | undefined,
): string | undefined {
  const known = existing ? [readingOf(`${existing.title}\n${existing.description ?? ''}\n${existing.content}`)] : [];
  const text = readingOf(`${draft.title}\n${draft.description}\n${draft.content}`);
  return inventedPart(text, [...sources.map((part) => part.reading), ...known]);
}
