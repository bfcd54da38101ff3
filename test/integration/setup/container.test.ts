import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string): string => fs.readFileSync(path.join(REPOSITORY, file), 'utf8');
const instructions = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
const wordsOf = (name: string): string[][] =>
  instructions
    .filter((line) => line.startsWith(`${name} `))
    .map((line) =>
      line
        .split(/\s+/)
        .slice(1)
        .filter((word) => !word.startsWith('--')),
    );

describe('the container recipe', () => {
  test('copies only what is there', () => {
    const sources = wordsOf('COPY').flatMap((words) => words.slice(0, -1));

    expect(sources).toContain('.');
    expect(sources.filter((source) => !fs.existsSync(path.join(REPOSITORY, source)))).toEqual([]);
  });

  test('keeps out what is made, what is large and what is secret', () => {
    const ignored = read('.dockerignore').split('\n');

    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', '.env.*']));
    expect(ignored.indexOf('!.env.provider.example')).toBeGreaterThan(ignored.indexOf('.env.*'));
  });

  test('runs the script of the seven steps, which is there', () => {
    expect(instructions).toContain('CMD ["bash", "scripts/docker-e2e.sh"]');
    const steps = [...read('scripts/docker-e2e.sh').matchAll(/^step (\d) /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(spawnSync('bash', ['-n', 'scripts/docker-e2e.sh'], { cwd: REPOSITORY }).status).toBe(0);
  });

  test('has a service e2e', () => {
    expect(read('docker-compose.yml')).toMatch(/^services:\n {2}e2e:\n/m);
  });
});

const make = (...words: string[]) =>
  spawnSync('make', ['--no-print-directory', '-n', ...words], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/home/alice' },
  });

describe('the Makefile', () => {
  const TARGETS = {
    test: 'npm test',
    preflight: 'compile-preflight --repo-root .',
    'e2e-local': 'npm run e2e:local',
    'docker-build': 'docker build -t "codex-self-evolution-e2e" .',
    'docker-run': 'docker run --rm "codex-self-evolution-e2e"',
    'docker-e2e': 'docker run --rm "codex-self-evolution-e2e"',
    'provider-smoke-minimax': 'provider-smoke.mjs minimax --keys "/home/alice/.codex-self-evolution/.env.provider"',
    'provider-smoke-openai': 'provider-smoke.mjs openai-compatible --keys',
    'provider-smoke-anthropic': 'provider-smoke.mjs anthropic-style --keys',
  };
  test.each(Object.entries(TARGETS))('has %s', (target, command) => {
    const { status, stdout, stderr, error } = make(target);

    expect(error, 'make is missing here').toBeUndefined();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(command);
  });

  test('takes IMAGE and ENV_FILE', () => {
    expect(make('docker-run', 'IMAGE=mine').stdout).toContain('docker run --rm "mine"');
    expect(make('provider-smoke-minimax', 'ENV_FILE=.env.provider').stdout).toContain('--keys ".env.provider"');
  });

  test('names only npm scripts that exist', () => {
    const scripts: unknown = JSON.parse(read('package.json'));
    const called = [...read('Makefile').matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name]) => name);

    for (const name of called) expect(scripts).toHaveProperty(['scripts', name ?? '']);
  });
});
