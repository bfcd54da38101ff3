import type { Memory } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import { renderJson } from '../kernel/render-json.ts';
import { manifestEntry, renderManagedSkill } from './managed-skills.ts';
import { renderMemoryMarkdown } from './memory-markdown.ts';
import { renderRecallMarkdown } from './recall-markdown.ts';

/** What the mirrors of one generation show. */
export interface MirroredKnowledge {
  generation: number;
  memory: Memory;
  skills: readonly Skill[];
  /** Undefined: too many to render at every promotion; those two mirrors are refreshed once a day. */
  recall: readonly RecallRecord[] | undefined;
}

/** Path inside the bucket (with `/`) → text: the documented layout of the Python plugin. Deterministic. */
export function renderMirrors(knowledge: MirroredKnowledge): Map<string, string> {
  const { generation, memory, skills, recall } = knowledge;
  const mirrors = new Map<string, string>([
    ['memory/USER.md', renderMemoryMarkdown('user', memory.user, generation)],
    ['memory/MEMORY.md', renderMemoryMarkdown('global', memory.global, generation)],
    ['memory/memory.json', renderJson(memory)],
    ['skills/manifest.json', renderJson({ skills: skills.map(manifestEntry) })],
  ]);
  for (const skill of skills) {
    if (isPlainName(skill.skill_id)) mirrors.set(`skills/managed/${skill.skill_id}.md`, renderManagedSkill(skill));
  }
  if (recall) {
    mirrors.set('recall/index.json', renderJson({ records: recall }));
    mirrors.set('recall/compiled.md', renderRecallMarkdown(recall));
  }
  return mirrors;
}

/** A manifest that somebody else wrote may name anything; only a plain name becomes a file. */
const isPlainName = (skillId: string): boolean => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(skillId) && skillId.length <= 64;
