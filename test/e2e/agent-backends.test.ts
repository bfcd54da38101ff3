import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { deposit } from '../../src/bucket/deposit.ts';
import { openBucket } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { faithfulAnswer, payloadIn } from '../support/faithful-agent.mjs';
import { anEnvelope, memory, note, skill } from '../support/temp-bucket.ts';
import type { AgentRequest, Behaviour } from './support/agent-model.ts';
import { type AgentRig, opencodeProgram, withAgents } from './support/agent-rig.ts';
import { type Ended, run } from './support/child.ts';

type Faithful = ReturnType<typeof faithfulAnswer>;

interface Agent {
  backend: string;
  /** The table of config.toml that names its program. */
  config: (command: readonly string[], timeoutSeconds: number) => string;
  command: () => string[];
}

const table = (name: string, command: readonly string[], more: string): string =>
  `schema_version = 3\n[compile.${name}]\ncommand = ${JSON.stringify(command)}\n${more}`;

const codex: Agent = {
  backend: 'agent:codex',
  config: (command, timeout) => table('codex', command, `timeout_seconds = ${timeout}\n`),
  command: () => [process.execPath, inject('codexLauncher')],
};
const opencode: Agent = {
  backend: 'agent:opencode',
  config: (command, timeout) => table('opencode', command, `model = "mock/good"\ntimeout_seconds = ${timeout}\n`),
  command: () => [opencodeProgram()],
};

interface Bench {
  bucket: BucketHandle;
  /** Runs `codex-self-evolution` from the built program. */
  program: (...args: string[]) => Promise<Ended>;
  json: (relative: string) => Record<string, unknown>;
  text: (relative: string) => string;
}

function benchOf(rig: AgentRig, agent: Agent, { command = agent.command(), timeoutSeconds = 120 } = {}): Bench {
  const repo = join(rig.root, 'repo');
  mkdirSync(join(repo, '.git'), { recursive: true });
  writeFileSync(join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  const bucket = openBucket(rig.home, repo, systemClock, rig.env);
  writeFileSync(join(rig.home, 'config.toml'), agent.config(command, timeoutSeconds));
  const at = (relative: string): string => join(bucket.layout.stateDir, relative);
  return {
    bucket,
    program: (...args) =>
      run(process.execPath, [join(inject('pluginRoot'), 'dist', 'cli.js'), ...args], {
        cwd: repo,
        env: rig.env,
        deadlineMs: 200_000,
      }),
    json: (relative) => JSON.parse(readFileSync(at(relative), 'utf8')),
    text: (relative) => (existsSync(at(relative)) ? readFileSync(at(relative), 'utf8') : ''),
  };
}

const answering =
  (change: (answer: Faithful) => unknown): ((request: AgentRequest) => Behaviour) =>
  ({ text }) => {
    const answer = faithfulAnswer(payloadIn(text));
    const said = change(answer);
    return { say: typeof said === 'string' ? said : JSON.stringify(answer) };
  };

const WORDS =
  'alpha bravo carbon delta ember falcon garnet harbor indigo jasper kelvin lagoon maple nickel orbit pepper'.split(
    ' ',
  );
const filler = (number: number): string =>
  Array.from(
    { length: 560 },
    (_, place) => `${WORDS[(place * 7 + number * 3) % WORDS.length]}${(place * 31 + number * 17) % 97}`,
  ).join(' ');

/** Some 300 kB of suggestions; the last one of the last envelope holds what nobody can guess. */
function depositMuch(bucket: BucketHandle, code: string): void {
  for (let number = 10; number < 90; number++)
    deposit(
      bucket.layout,
      anEnvelope(`e${number}`, [memory(`Service ${number}`, `Service ${number} knows ${filler(number)}.`)]),
    );
  const last = `The release code of the project is ${code}, as the release page says.`;
  deposit(
    bucket.layout,
    anEnvelope('e99', [note('Port', 'The gateway listens on port 8080.'), memory('Release code', last)]),
  );
}

describe.each([codex, opencode])('the real $backend', (agent) => {
  test('promotes what a model says about the end of a payload of 300 kB', async () => {
    await withAgents(async (rig) => {
      const bench = benchOf(rig, agent);
      const code = `pelican-${randomInt(100_000, 999_999)}`;
      depositMuch(bench.bucket, code);
      let seen = '';
      rig.model.behave(({ text }) => {
        const payload = payloadIn(text);
        const answer = faithfulAnswer(payload);
        seen = JSON.stringify(payload);
        const found = /release code of the project is (\S+),/.exec(seen.slice(-600))?.[1];
        const entry = answer.memory_records.global.find((one: { summary: string }) => one.summary === 'Release code');
        entry.content = `The release code of the project is ${found}.`;
        return { say: `Here you are:\n\`\`\`json\n${JSON.stringify(answer)}\n\`\`\`` };
      });
      const ended = await bench.program('scan', '--backend', agent.backend);

      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.parse(ended.stdout)).toMatchObject({
        results: [
          {
            compile_status: 'success',
            backend: agent.backend,
            fallback_backend: null,
            processed_count: 81,
            discarded_count: 0,
          },
        ],
      });
      expect(Buffer.byteLength(seen)).toBeGreaterThan(300_000);
      expect(rig.model.requests).toHaveLength(1);
      expect(bench.text('memory/MEMORY.md')).toContain(`The release code of the project is ${code}.`);
      expect(bench.json('compiler/last_receipt.json')).toMatchObject({
        backend: agent.backend,
        tokens: { input: 1100, output: 70 },
      });
      expect(JSON.parse(readFileSync(join(rig.home, 'budget.json'), 'utf8'))).toMatchObject({ calls: 1, tokens: 1170 });
      const again = await bench.program('scan', '--backend', agent.backend);
      expect(again.exitCode).toEqual(0);
      expect(rig.model.requests).toHaveLength(1);
    });
  });

  const faults: {
    fault: string;
    behaviour: (request: AgentRequest) => Behaviour;
    says: string;
    timeoutSeconds?: number;
    missing?: true;
  }[] = [
    {
      fault: 'drops existing entries',
      behaviour: answering((answer) => void answer.memory_records.global.shift()),
      says: 'keepsWhatNobodyNamed: the entry "Kept" vanished',
    },
    {
      fault: 'brings a foreign skill',
      behaviour: answering(
        (answer) =>
          void answer.compiled_skills.push({
            skill_id: 'theirs',
            title: 'T',
            description: 'Use when',
            content: 'Mine now.',
            action: 'create',
          }),
      ),
      says: 'restsOnTheBatch: no suggestion asks to write the skill "theirs"',
    },
    {
      fault: 'answers with no JSON',
      behaviour: () => ({ say: 'I have merged all of it.' }),
      says: 'there is no JSON object',
    },
    { fault: 'answers nothing', behaviour: () => ({ say: '' }), says: 'empty answer' },
    { fault: 'is cut off', behaviour: () => ({ cut: '{"memory_records": {"user": [' }), says: 'cut off' },
    {
      fault: 'hangs past its deadline',
      behaviour: () => ({ hang: true }),
      says: 'no answer within 15000 ms',
      timeoutSeconds: 15,
    },
    {
      fault: 'is refused',
      behaviour: () => ({ refuse: 401, message: 'no such key sk-proj-Ab3dEf6hIj9kAb3dEf6hIj9kAb3dEf6h' }),
      says: 'no such key [redacted:',
    },
    { fault: 'is not installed', behaviour: () => ({ say: '{}' }), says: 'not-there', missing: true },
  ];

  test.each(faults)(
    'when it $fault, script does the work and one line says why',
    async ({ behaviour, says, timeoutSeconds, missing }) => {
      await withAgents(async (rig) => {
        const bench = benchOf(rig, agent, {
          ...(missing ? { command: [join(rig.root, 'not-there')] } : {}),
          ...(timeoutSeconds ? { timeoutSeconds } : {}),
        });
        mkdirSync(bench.bucket.layout.memoryFolder, { recursive: true });
        writeFileSync(bench.bucket.layout.memoryMd, '# MEMORY\n\n## Kept\n\nThis entry was here before.\n\n');
        deposit(
          bench.bucket.layout,
          anEnvelope('e1', [
            memory('Redis for tests', 'The integration tests need Redis on port 6380.'),
            skill('run-tests'),
          ]),
        );
        rig.model.behave(behaviour);
        const ended = await bench.program('scan', '--backend', agent.backend);

        expect(ended.exitCode).toEqual(0);
        expect(JSON.parse(ended.stdout)).toMatchObject({
          results: [{ compile_status: 'success', backend: agent.backend, fallback_backend: 'script', error: null }],
          aggregate: { buckets_with_fallback: 1 },
        });
        const lines = ended.stderr.trim().split('\n');
        expect(lines).toHaveLength(1);
        expect(lines[0]).toContain(`${agent.backend} failed, script does the work: `);
        expect(lines[0]).toContain(says);
        expect(JSON.stringify(bench.json('compiler/last_receipt.json')['discarded_items'])).toContain(
          JSON.stringify(says).slice(1, -1),
        );
        expect(bench.text('memory/MEMORY.md')).toContain('This entry was here before.');
        expect(bench.text('memory/MEMORY.md')).toContain('The integration tests need Redis on port 6380.');
        expect(rig.processes()).toEqual([]);
      });
    },
  );

  test('without a fallback a failure ends with 1 and the envelopes wait', async () => {
    await withAgents(async (rig) => {
      const bench = benchOf(rig, agent);
      deposit(
        bench.bucket.layout,
        anEnvelope('e1', [memory('Redis for tests', 'The integration tests need Redis on port 6380.')]),
      );
      rig.model.behave(() => ({ say: '{}' }));
      const ended = await bench.program('compile', '--once', '--backend', agent.backend, '--no-fallback');
      expect(ended.exitCode).toEqual(1);
      expect(ended.stderr).toContain('memory_records');
      expect(bench.json('suggestions/pending/e1.json')).toMatchObject({ attempt_count: 1 });
      expect(bench.text('memory/MEMORY.md')).toEqual('');
    });
  });
});

test('opencode without a model is not asked, and the line says what to configure', async () => {
  await withAgents(async (rig) => {
    const bench = benchOf(rig, { ...opencode, config: (command) => table('opencode', command, '') });
    deposit(
      bench.bucket.layout,
      anEnvelope('e1', [memory('Redis for tests', 'The integration tests need Redis on port 6380.')]),
    );
    const ended = await bench.program('scan', '--backend', 'agent:opencode');
    expect(ended.stderr).toContain('CODEX_SELF_EVOLUTION_OPENCODE_MODEL');
    expect(rig.model.requests).toEqual([]);
    expect(bench.text('memory/MEMORY.md')).toContain('Redis on port 6380');
  });
});
