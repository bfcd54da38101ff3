import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * No test may touch the home of whoever runs it: HOME and ours point into a temporary folder for the
 * whole run, and the variables that would lead out of it are gone.
 */
const GUARDED = new Set(['CODEX_HOME', 'CODEX_SELF_EVOLUTION_HOME']);

export function setup(): () => void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-test-'));
  Object.assign(process.env, {
    HOME: folder,
    CODEX_SELF_EVOLUTION_HOME: path.join(folder, 'refused'),
    CODEX_HOME: path.join(folder, 'codex'),
  });
  for (const name of Object.keys(process.env)) {
    if (/^(?:OPENAI|ANTHROPIC|MINIMAX|CODEX|CSEP|GIT)_/.test(name) && !GUARDED.has(name)) delete process.env[name];
  }
  return () => fs.rmSync(folder, { recursive: true, force: true });
}
