import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CODEX_VERSION } from '../../scripts/install-codex.mjs';
import { type Ended, run } from './support/child.ts';

const script = fileURLToPath(new URL('../../scripts/install-codex.mjs', import.meta.url));

/** Stands in for npm: notes the call and unpacks a Codex that answers with the version it is given. */
const fakeNpm = `#!${process.execPath}
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const root = process.argv[process.argv.indexOf('--prefix') + 1] + '/node_modules/@openai/codex';
appendFileSync(process.env.NPM_CALLS, process.argv.slice(2).join(' ') + '\\n');
mkdirSync(root + '/bin', { recursive: true });
writeFileSync(root + '/package.json', JSON.stringify({ version: process.env.NPM_GIVES }));
writeFileSync(root + '/bin/codex.js', 'console.log("codex-cli ' + process.env.BINARY_SAYS + '")');
process.exit(Number(process.env.NPM_EXITS ?? 0));
`;

describe('installing Codex for the tests', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'csep-install-'));
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', 'npm'), fakeNpm);
    chmodSync(join(root, 'bin', 'npm'), 0o755);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const cache = (): string => join(root, 'cache', 'codex-self-evolution-plugin');
  const install = (env: Record<string, string> = {}): Promise<Ended> =>
    run(process.execPath, [script], {
      cwd: root,
      deadlineMs: 60_000,
      env: {
        PATH: [join(root, 'bin'), dirname(process.execPath)].join(delimiter),
        XDG_CACHE_HOME: join(root, 'cache'),
        NPM_CALLS: join(root, 'calls.txt'),
        NPM_GIVES: CODEX_VERSION,
        BINARY_SAYS: CODEX_VERSION,
        ...env,
      },
    });
  const npmCalls = (): string[] =>
    existsSync(join(root, 'calls.txt')) ? readFileSync(join(root, 'calls.txt'), 'utf8').trim().split('\n') : [];

  test('asks npm once for the pinned version, and the second time not at all', async () => {
    const first = await install();
    const second = await install();

    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toBe(
      `${join(cache(), `codex-${CODEX_VERSION}`, 'node_modules/@openai/codex/bin/codex.js')}\n`,
    );
    expect(second.stdout).toBe(first.stdout);
    expect(npmCalls()).toEqual([expect.stringMatching(/^install --prefix .* @openai\/codex@0\.169\.0$/)]);
  });

  test('may run twice at once: both end well, with one install', async () => {
    const both = await Promise.all([install(), install()]);

    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(both[0]?.stdout).toBe(both[1]?.stdout);
    expect(readdirSync(cache())).toEqual([`codex-${CODEX_VERSION}`]);
  });

  test.each([
    ['npm fails', { NPM_EXITS: '1' }, 'npm could not install'],
    ['npm gives another version', { NPM_GIVES: '0.170.0' }, 'another version than'],
    ['the binary says another version', { BINARY_SAYS: '0.168.0' }, 'codex --version answered'],
  ])('leaves nothing behind when %s', async (_what, env, message) => {
    const ended = await install(env);

    expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(readdirSync(cache())).toEqual([]);
  });

  test('goes where CSEP_E2E_CACHE says', async () => {
    const elsewhere = join(root, 'elsewhere');
    const ended = await install({ CSEP_E2E_CACHE: elsewhere });

    expect(ended.stdout.startsWith(elsewhere)).toBe(true);
    expect(existsSync(cache())).toBe(false);
  });

  test('clears away what an install that died yesterday had begun, and nothing younger', async () => {
    for (const name of ['.installing-old', '.installing-young']) mkdirSync(join(cache(), name), { recursive: true });
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60_000);
    utimesSync(join(cache(), '.installing-old'), twoDaysAgo, twoDaysAgo);
    await install();

    expect(readdirSync(cache()).toSorted()).toEqual(['.installing-young', `codex-${CODEX_VERSION}`]);
  });
});
