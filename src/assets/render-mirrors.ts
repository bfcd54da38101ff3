import type { KeptKeys } from '../contracts/generation.ts';
import type { Memory } from '../contracts/memory.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { renderJson } from '../kernel/render-json.ts';
import { manifestEntry, renderManagedSkill } from './managed-skills.ts';
import { renderMemoryMarkdown } from './memory-markdown.ts';
import type { RecallMirrors } from './recall-mirror.ts';

/** What the mirrors of one generation show. */
export interface MirroredKnowledge {
  generation: number;
  memory: Memory;
  skills: readonly Skill[];
  /** Undefined: too large to be written at every promotion. */
  recall: RecallMirrors | undefined;
  keptKeys: KeptKeys;
}

/** Path inside the bucket (with `/`) → content. */
export type Mirrors = Map<string, string | Buffer>;

/** The mirrors of one generation: the documented layout of the Python plugin. Deterministic. */
export function renderMirrors(knowledge: MirroredKnowledge): Mirrors {
  const { generation, memory, skills, recall, keptKeys } = knowledge;
  const mirrors: Mirrors = new Map<string, string | Buffer>([
    ['memory/USER.md', renderMemoryMarkdown('user', memory.user, generation)],
    ['memory/MEMORY.md', renderMemoryMarkdown('global', memory.global, generation)],
    ['memory/memory.json', renderJson({ ...keptKeys['memory/memory.json'], ...memory })],
    ['skills/manifest.json', renderJson({ ...keptKeys['skills/manifest.json'], skills: skills.map(manifestEntry) })],
  ]);
  for (const skill of skills) {
    // What belongs to somebody else stays as they wrote it.
    if (isOurs(skill) && isPlainName(skill.skill_id))
      mirrors.set(`skills/managed/${skill.skill_id}.md`, renderManagedSkill(skill));
  }
  if (recall) {
    mirrors.set('recall/index.json', recall.index);
    mirrors.set('recall/compiled.md', recall.markdown);
  }
  return mirrors;
}

const isOurs = (skill: Skill): boolean => skill.owner === PLUGIN_OWNER && skill.managed;

/** A manifest that somebody else wrote may name anything; only a plain name becomes a file. */
const isPlainName = (skillId: string): boolean => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(skillId) && skillId.length <= 64;
