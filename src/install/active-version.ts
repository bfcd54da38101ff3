import { listNames } from '../kernel/files.ts';

/** Beside others of a plugin this one counts: it was added from a folder. */
const LOCAL = 'local';

const byNumber = new Intl.Collator('en', { numeric: true });

/** Which of a cached plugin's versions Codex uses: the local one, else the newest; undefined when there is none. */
export function activeVersion(folder: string): string | undefined {
  const versions = listNames(folder);
  return versions.includes(LOCAL) ? LOCAL : versions.toSorted((a, b) => byNumber.compare(a, b)).at(-1);
}
