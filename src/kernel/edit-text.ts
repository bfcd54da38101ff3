import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readText } from './files.ts';
import type { Environment } from './home.ts';
import { removeFile } from './move-files.ts';
import { makeFolder, TEMPORARY_PREFIX, writeNew } from './write-files.ts';

/** How long a text may be that a person writes. */
const MAX_BYTES = 1_000_000;

/**
 * Lets a person change a text in their editor: `VISUAL`, `EDITOR`, else vi (Notepad on Windows), split on
 * blanks, no shell. The file is theirs alone (0600), lies in `folder`, and is gone afterwards.
 *
 * @returns the text as they left it; undefined when the editor could not be started or failed
 */
export function editText(text: string, { folder, env }: { folder: string; env: Environment }): string | undefined {
  const standard = process.platform === 'win32' ? 'notepad' : 'vi';
  const [program = standard, ...args] = (env['VISUAL'] || env['EDITOR'] || standard).trim().split(/\s+/);
  makeFolder(folder);
  const file = path.join(folder, `${TEMPORARY_PREFIX}edit-${process.pid}-${process.hrtime.bigint()}.md`);
  writeNew(file, text, { sync: false });
  try {
    const { status, error } = spawnSync(program, [...args, file], { stdio: 'inherit', env: { ...env } });
    return error || status !== 0 ? undefined : readText(file, MAX_BYTES);
  } finally {
    removeFile(file);
  }
}
