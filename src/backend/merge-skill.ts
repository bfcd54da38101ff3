import type { Envelope } from '../contracts/envelope.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import type { SkillCandidate, SkillSuggestion } from '../contracts/suggestion.ts';
import { isTombstoned } from '../assets/tombstone.ts';
import { sha256 } from '../kernel/digest.ts';
import type { Verdict } from './backend.ts';
import { discarded, substance } from './merge-state.ts';
import type { MergeState } from './merge-state.ts';

/** A procedure that is shorter than a sentence teaches nothing that the description does not. */
const MIN_SUBSTANCE = 30;
/** Share of the old lines in a patch's text from which on it is the whole skill again, not an addition. */
const WHOLE_AGAIN = 0.6;

export type SkillAction = SkillSuggestion['details'];

export const actionOfCandidate = (candidate: SkillCandidate): SkillAction => ({ ...candidate });

/** Creates, changes or retires a managed skill. Skills of other owners are never touched. */
export function mergeSkill(state: MergeState, action: SkillAction, envelope: Envelope): Verdict {
  const existing = state.skills.get(action.skill_id);
  const path = `skills/managed/${action.skill_id}.md`;
  if (existing && (existing.owner !== PLUGIN_OWNER || !existing.managed))
    return discarded('ownership_violation', existing.skill_id);
  if (state.task.handTouched.has(`skill:${action.skill_id}`)) return discarded('hand_edit_wins', action.skill_id);
  if (action.action === 'retire') return retire(state, existing, path);
  if (action.action !== 'create' && existing?.status !== 'active')
    return discarded('missing_managed_skill', action.skill_id);
  const draft = action.action === 'patch' && existing ? patched(existing, action) : written(existing, action);
  const refusal = refuse(state, draft);
  if (refusal) return refusal;
  return keep(state, { draft, existing, envelope, path, action: action.action });
}

interface Draft {
  title: string;
  description: string;
  content: string;
}

const written = (existing: Skill | undefined, action: SkillAction): Draft => ({
  title: action.title || existing?.title || titleOf(action.skill_id),
  description: action.description || existing?.description || '',
  content: (action.content || existing?.content || '').trim(),
});

function patched(existing: Skill, action: SkillAction): Draft {
  const draft = written(existing, action);
  const addition = action.content.trim();
  const old = existing.content.trim();
  if (addition === '' || old.includes(addition)) return { ...draft, content: old };
  const oldLines = old.split('\n').filter((line) => line.trim() !== '');
  const repeated = oldLines.filter((line) => addition.includes(line.trim())).length;
  return repeated >= oldLines.length * WHOLE_AGAIN ? draft : { ...draft, content: `${old}\n\n${addition}` };
}

function refuse(state: MergeState, draft: Draft): Verdict | undefined {
  if (draft.content === '') return discarded('missing_content');
  if (draft.description.trim() === '') return discarded('missing_description');
  if (substance(draft.content) < MIN_SUBSTANCE) return discarded('low_signal');
  if (isTombstoned(draft.content, 'skill', state.task.tombstones)) return discarded('tombstoned');
  return undefined;
}

interface Kept {
  draft: Draft;
  existing: Skill | undefined;
  envelope: Envelope;
  path: string;
  action: string;
}

function keep(state: MergeState, { draft, existing, envelope, path, action }: Kept): Verdict {
  const skillId = path.slice('skills/managed/'.length, -'.md'.length);
  const unchanged =
    existing?.status === 'active' &&
    existing.content === draft.content &&
    existing.title === draft.title &&
    existing.description === draft.description;
  if (unchanged) return { outcome: 'duplicate', path };
  state.skills.set(skillId, {
    ...existing,
    skill_id: skillId,
    action,
    ...draft,
    path,
    status: 'active',
    owner: PLUGIN_OWNER,
    managed: true,
    created_by: existing?.created_by || envelope.suggestion_id,
    updated_at: state.task.at,
    retired_at: null,
    content_sha256: sha256(draft.content),
  });
  return { outcome: existing ? 'replaced' : 'added', path };
}

function retire(state: MergeState, existing: Skill | undefined, path: string): Verdict {
  if (!existing) return discarded('missing_managed_skill');
  if (existing.status === 'retired') return { outcome: 'duplicate', path };
  state.skills.set(existing.skill_id, {
    ...existing,
    action: 'retire',
    status: 'retired',
    updated_at: state.task.at,
    retired_at: state.task.at,
  });
  return { outcome: 'removed', path };
}

/** `run-the-tests` → `Run the tests`. */
const titleOf = (skillId: string): string => {
  const words = skillId.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
