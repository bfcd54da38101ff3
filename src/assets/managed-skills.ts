import type { ManifestEntry, Skill } from '../contracts/skills.ts';

/** Codex cuts longer ones (measured). */
const MAX_NAME = 64;
const MAX_DESCRIPTION = 1024;
const MARKER = /^<!-- csep-skill bucket=(\S+) skill=(\S+) sha256=([0-9a-f]{64}) -->$/m;

/** What the marker inside a published SKILL.md says. */
export interface SkillMarker {
  bucket: string;
  skillId: string;
  contentSha256: string;
}

export const readMarker = (text: string): SkillMarker | undefined => {
  const found = MARKER.exec(text);
  const [, bucket, skillId, contentSha256] = found ?? [];
  return bucket && skillId && contentSha256 ? { bucket, skillId, contentSha256 } : undefined;
};

/** The text that the marker's hash is about: everything but the marker line itself. */
const withoutMarker = (text: string): string => text.replace(MARKER, '');

const withLineFeeds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/**
 * Name of a published skill's folder: `csep-<6 hex of bucket>-<skill_id>`, at most 64 characters. A
 * longer one is cut and ends in a sum of the whole id, so that two long ids stay two folders.
 *
 * @param hash sha256 in hex
 */
export function publishedName(bucketId: string, skillId: string, hash: (text: string) => string): string {
  const name = `csep-${hash(bucketId).slice(0, 6)}-${skillId}`;
  if (name.length <= MAX_NAME) return name;
  return `${name.slice(0, MAX_NAME - 7).replace(/-+$/, '')}-${hash(skillId).slice(0, 6)}`;
}

/**
 * SKILL.md as Codex reads it. The marker carries bucket, skill and the hash of everything else, so
 * that one atomic replace covers text and ownership, and an edit by hand is noticed.
 *
 * @param hash sha256 in hex
 */
export function renderSkillFile(name: string, skill: Skill, bucketId: string, hash: (text: string) => string): string {
  const description = cut(oneLine(skill.description ?? ''), MAX_DESCRIPTION);
  const head = `---\nname: ${name}\ndescription: ${JSON.stringify(description)}\n---\n\n# ${oneLine(skill.title)}\n\n`;
  // The sum is compared with what a checkout or an editor may have given other line ends.
  const body = `\n\n${withLineFeeds(skill.content.trim())}\n`;
  const sum = hash(`${head}${body}`);
  return `${head}<!-- csep-skill bucket=${encodeURIComponent(bucketId)} skill=${skill.skill_id} sha256=${sum} -->${body}`;
}

/** Whether a published file is as we wrote it, whatever its line ends are now. Older versions took the sum over those of the skill. */
export const isUntouched = (text: string, hash: (text: string) => string): boolean => {
  const marker = readMarker(text);
  if (!marker) return false;
  const written = withoutMarker(text);
  return [withLineFeeds(written), written].some((form) => hash(form) === marker.contentSha256);
};

/** What a published SKILL.md says, as people and formatters leave it. */
export interface ParsedSkillFile {
  title: string | undefined;
  description: string | undefined;
  content: string;
}

/** @returns undefined when the text has no front matter or no body */
export function parseSkillFile(text: string): ParsedSkillFile | undefined {
  const plain = withLineFeeds(text.replace(/^\uFEFF/, ''));
  const [, head, rest] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(plain) ?? [];
  if (head === undefined || rest === undefined || plain.includes('\0')) return undefined;
  const body = rest.replace(MARKER, '').trim();
  const title = /^# (.+)/.exec(body)?.[1]?.trim();
  const content = (title === undefined ? body : body.slice(body.indexOf('\n') + 1)).trim();
  const written = /^description:[ \t]*(.+)$/m.exec(head)?.[1]?.trim();
  return content === '' ? undefined : { title, description: written && unquoted(written), content };
}

/** A YAML scalar on one line: plain, in single, or in double quotes (YAML 1.2, 7.3). */
function unquoted(scalar: string): string {
  if (scalar.startsWith("'") && scalar.endsWith("'")) return scalar.slice(1, -1).replaceAll("''", "'");
  if (!scalar.startsWith('"')) return scalar;
  try {
    const value: unknown = JSON.parse(scalar);
    return typeof value === 'string' ? value : scalar;
  } catch {
    return scalar;
  }
}

/** skills/managed/<skill_id>.md: the documented mirror of one skill. */
export function renderManagedSkill(skill: Skill): string {
  const status = skill.status === 'retired' ? 'Status: retired\n\n' : '';
  return `# ${oneLine(skill.title)}\n\n${status}${skill.content.trim()}\n`;
}

/** The entry of skills/manifest.json: the skill without its body. */
export function manifestEntry(skill: Skill): ManifestEntry {
  const { content: _content, ...entry } = skill;
  return entry;
}

/** At most `length` UTF-16 units; a character that does not fit is left out whole. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
