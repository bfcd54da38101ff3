import type { Scope } from '../contracts/suggestion.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { flatName, SKILL_MIRRORS, unflatName } from './names.ts';

/** The memory mirrors that people edit, and whose entries they show. */
export const MEMORY_MIRRORS = { 'memory/USER.md': 'user', 'memory/MEMORY.md': 'global' } as const satisfies Record<
  string,
  Scope
>;
export type MemoryMirror = keyof typeof MEMORY_MIRRORS;
export const EDITED_MEMORY: readonly MemoryMirror[] = ['memory/USER.md', 'memory/MEMORY.md'];
export const RECALL_MIRROR = 'recall/index.json';
export const MANIFEST_MIRROR = 'skills/manifest.json';

const OTHERS: readonly string[] = [...EDITED_MEMORY, RECALL_MIRROR, MANIFEST_MIRROR];

/** Whether an edit of this mirror is taken over; the others only show what stands elsewhere. */
export const isEdited = (name: string): boolean => OTHERS.includes(name) || isSkillMirror(name);

export const isSkillMirror = (name: string): boolean => name.startsWith(SKILL_MIRRORS) && name.endsWith('.md');

/** Those names in edits/ that are edits of one mirror. */
export const keptEdits = (names: readonly string[], mirror: string): string[] =>
  names.filter((entry) => entry.slice(entry.indexOf('.') + 1) === flatName(mirror));

/** Edits that a compile will look at; unreadable ones stay there, too, under another name. */
export const hasKeptEdits = (layout: BucketLayout): boolean =>
  listNames(layout.edits).some((entry) => {
    const name = unflatName(entry.slice(entry.indexOf('.') + 1));
    return isEdited(name);
  });
