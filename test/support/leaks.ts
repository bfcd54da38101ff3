import fs from 'node:fs';
import path from 'node:path';
import { findTokens } from '../../src/safety/find-tokens.ts';
import { PLANTED } from './planted.ts';

/** What a home of ours has, and no other folder. */
const MARKS = ['projects', path.join('logs', 'plugin.log'), 'health.json', 'workers'];
/** What the user wrote, or what was copied from Codex's own folder: keys belong there, or are none of ours. */
const USERS = /^(?:\.env\.provider|config\.toml)/;
/** The program, and what was compiled from it. */
const PROGRAM = new Set(['app', 'cache', 'node_modules', '.git']);
const DEEPEST = 6;
const MOST_BYTES = 20_000_000;

const entriesOf = (folder: string): fs.Dirent[] => {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone meanwhile, or not ours to read
  }
};

/** Every home below a folder; the folder itself may be one. */
function homesBelow(folder: string, depth = 0): string[] {
  if (MARKS.some((mark) => fs.existsSync(path.join(folder, mark)))) return [folder];
  if (depth === DEEPEST) return [];
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !PROGRAM.has(entry.name))
    .flatMap((entry) => homesBelow(path.join(folder, entry.name), depth + 1));
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory() && !PROGRAM.has(entry.name)) yield* filesBelow(at);
    else if (entry.isFile() && !USERS.test(entry.name)) yield at;
  }
}

/** What of a text is a planted secret or has the shape of a token, cut so that the report leaks nothing. */
function secretsIn(text: string): string[] {
  const planted = PLANTED.filter((secret) => text.includes(secret));
  const shaped = findTokens(text).map(({ start, end }) => text.slice(start, end));
  return [...new Set([...planted, ...shaped])].map((secret) => `${secret.slice(0, 8)}…`);
}

/** A line for each secret in each file of each home below a folder: `path: first characters`. */
export const leaksBelow = (folder: string): string[] =>
  homesBelow(folder).flatMap((home) =>
    [...filesBelow(home)].flatMap((file) => {
      if (fs.statSync(file).size > MOST_BYTES) return [];
      return secretsIn(fs.readFileSync(file, 'latin1')).map((secret) => `${file}: ${secret}`);
    }),
  );
