import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = path.join(REPOSITORY, 'docs', 'command-line-walk-through.md');

/** The shell blocks of the page, in their order. */
function commandsOf(page: string): string[] {
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** Runs a script as a person with an empty user folder and without a key would, in the folder of the clone. */
function inFreshShell(script: string): { printed: string; left: string[] } {
  const user = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'csep-page-')));
  onTestFinished(() => fs.rmSync(user, { recursive: true, force: true, maxRetries: 5 }));
  const printed = execFileSync('bash', ['--norc', '-eu', '-c', script], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: user, TMPDIR: user, NO_COLOR: '1' },
    timeout: 110_000,
  });
  return { printed, left: fs.readdirSync(user) };
}

test('the commands of the walk-through do in order what the page says, and leave nothing behind', () => {
  const page = fs.readFileSync(PAGE, 'utf8');
  const [, told = 'no id'] = /csep review reject ([0-9a-f#]+)/.exec(page) ?? [];
  const { printed, left } = inFreshShell(commandsOf(page).join('\n'));

  expect(left).toEqual([]);
  const inOrder = [
    /"suggestion_count": 2/,
    // For people an id is cut.
    new RegExp(`"id": "${told.replace('#', '[0-9a-f]{8}#')}"`),
    /"status": "run"/,
    /"generation": 1,/,
    /^## Keep commit messages in the imperative mood$/m,
    /About this repository\\n- Always run the tests with `make verify`/,
    /Status: matched/,
    /Status: no_match/,
    /"generation": 2,/,
    /"memory\/MEMORY.md"/,
    /"status": "rolled_back"/,
    /"generation": 4,/,
    /"status": "dry_run"/,
    /"status": "forgotten"/,
    /"status": "unchanged"/,
    /"cause": "rollback"/,
    /"processed_count": 1/,
    /"additionalContext":"Notes of earlier sessions.*uv run pytest/,
    /"check": "hooks-present",\s+"fix": "Run csep install."/,
    /doctor found something broken/,
    /"notes": 4,/,
    /"dry_run": true/,
  ];
  let rest = printed;
  for (const line of inOrder) {
    const found = line.exec(rest);
    expect(found, `${line.source} is missing, or out of order, in what was left of the output`).not.toBeNull();
    rest = rest.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
  }
});

test('the word that the walk-through forgets is in no file of the home afterwards', () => {
  const blocks = commandsOf(fs.readFileSync(PAGE, 'utf8'));
  const until = blocks.findIndex((block) => block.includes('csep forget'));
  expect(until).toBeGreaterThan(0);
  const search = 'grep -rli tuesdays "$CODEX_SELF_EVOLUTION_HOME" || echo in no file';
  const { printed } = inFreshShell([...blocks.slice(0, until + 1), search].join('\n'));
  expect(printed.trim().endsWith('in no file')).toEqual(true);
});
