import fs from 'node:fs';
import path from 'node:path';
import type { Environment } from './home.ts';

/**
 * Where a program lies on the PATH of that environment; undefined when it does not. The path as it stands there,
 * links not resolved: a stable link (`/usr/local/bin/codex`) outlives the version behind it.
 */
export function findProgram(name: string, env: Environment): string | undefined {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const endings = process.platform === 'win32' ? (env['PATHEXT'] || '.EXE;.CMD;.BAT').split(';') : [''];
  const candidates = folders.flatMap((folder) => endings.map((ending) => path.join(folder, `${name}${ending}`)));
  return candidates.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
