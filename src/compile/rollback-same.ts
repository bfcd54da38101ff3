import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import { renderJsonLine } from '../kernel/render-json.ts';
import type { ComparedKnowledge } from './compare-knowledge.ts';

/** Whether two states hold the same, provenance included; in which order recall lies, and when a skill was written, is no content. */
export function isSameKnowledge(one: ComparedKnowledge, other: ComparedKnowledge): boolean {
  return renderJsonLine(contentOf(one)) === renderJsonLine(contentOf(other));
}

const contentOf = ({ memory: { user, global }, recall, skills }: ComparedKnowledge) => ({
  user,
  global,
  recall: recall.toSorted(byId),
  skills: skills.map(withoutTimes),
});

const byId = (one: RecallRecord, other: RecallRecord): number => (one.id < other.id ? -1 : 1);

/** `action` says how the skill came to be what it is: after a retirement and its rollback it is another word. */
function withoutTimes({ action: _action, updated_at: _at, retired_at: _retired, ...content }: Skill): Partial<Skill> {
  return content;
}
