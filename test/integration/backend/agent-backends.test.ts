import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { compileBucket } from '../../../src/compile/compile.ts';
import type { CompileOptions } from '../../../src/compile/compile.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { backendContract, aFullTask } from '../../support/backend-contract.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { AGENTS, backendOf, fakeAgent, runsOf, settingsFor } from './fake-agents.ts';

let shared = '';
beforeAll(() => {
  shared = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-agents-'));
});
afterAll(() => fs.rmSync(shared, { recursive: true, force: true }));

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

for (const name of AGENTS)
  backendContract(name, (): Backend => ({
    name,
    compile: async (task, signal) => {
      const world = systemWorld({ HOME: shared, CODEX_HOME: path.join(shared, 'codex') }, path.join(shared, 'home'));
      const backend = await backendOf(name, world, settingsFor(fakeAgent(shared, name)));
      return await backend.compile(task, signal);
    },
  }));

const FACT = 'The integration tests need Redis on port 6380.';
const deposits = (temp: TempBucket): void => {
  temp.deposit('a1', [
    memory('Redis for tests', FACT),
    note('Port', 'The gateway listens on port 8080.'),
    skill('run-tests'),
  ]);
};

const lived = (temp: TempBucket): void => {
  temp.write('memory/MEMORY.md', '# MEMORY\n\n## Kept\n\nThis entry was here before.\n\n');
  deposits(temp);
};

interface Compiled {
  temp: TempBucket;
  program: string;
  result: Awaited<ReturnType<typeof compileBucket>>;
}

async function compileWith(
  name: (typeof AGENTS)[number],
  {
    spoil = '',
    fallback = true,
    before = deposits,
    ...asked
  }: {
    spoil?: string;
    fallback?: boolean;
    before?: (temp: TempBucket) => void;
    timeoutSeconds?: number;
    dailyCalls?: number;
    missing?: boolean;
  },
): Promise<Compiled> {
  const temp = tempBucket();
  before(temp);
  const program = asked.missing ? path.join(temp.folder, 'not-there') : fakeAgent(temp.folder, name, spoil);
  const options: CompileOptions = {
    backend: await backendOf(name, temp.world, settingsFor(program, asked)),
    fallback: fallback ? scriptBackend : null,
    batchSize: 100,
    report: (event) => void temp.events.push(event),
  };
  return { temp, program, result: await compileBucket(temp.world, temp.bucket, options) };
}

const budgetOf = ({ world }: TempBucket): unknown => {
  const file = path.join(world.home, 'budget.json');
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
};

describe.each(AGENTS)('%s', (name) => {
  test('promotes what the agent made of the batch, and books what it cost', async () => {
    const { temp, result, program } = await compileWith(name, {});
    expect(result).toMatchObject({ ok: true, value: { status: 'success', backend: name, fallback_backend: null } });
    expect(temp.readJson('compiler/last_receipt.json')).toMatchObject({
      backend: name,
      tokens: { input: 900, output: 30 },
    });
    expect(temp.read('memory/MEMORY.md')).toContain(FACT);
    expect(temp.list('skills/managed')).toEqual(['run-tests.md']);
    expect(temp.list('suggestions/done')).toEqual(['a1.json']);
    expect(budgetOf(temp)).toMatchObject({ calls: 1, tokens: 930 });
    expect(runsOf(program)).toHaveLength(1);
    expect(fs.readdirSync(path.join(temp.world.home, 'agent-runs'))).toEqual([]);
  });

  const faults: [
    string,
    { spoil?: string; missing?: boolean; timeoutSeconds?: number; dailyCalls?: number },
    string,
    string,
  ][] = [
    ['its program is missing', { missing: true }, 'opencode_unavailable', 'not-there'],
    ['the daily budget is used up', { dailyCalls: 0 }, 'opencode_unavailable', 'budget'],
    [
      'it ends with an error',
      { spoil: 'console.error("no such luck"); process.exit(3);' },
      'agent_invoke_failed',
      'no such luck',
    ],
    [
      'it hangs past the deadline',
      { spoil: 'setInterval(() => {}, 1000); await new Promise(() => {});', timeoutSeconds: 3 },
      'agent_invoke_failed',
      '3000 ms',
    ],
    ['it says nothing', { spoil: 'process.exit(0);' }, 'agent_invoke_failed', ''],
    ['its answer is empty', { spoil: "text = ' ';" }, 'agent_output_invalid', 'empty'],
    ['its answer is no JSON', { spoil: "text = 'All merged.';" }, 'agent_output_invalid', 'no JSON object'],
    ['its answer breaks off', { spoil: 'text = text.slice(0, -20);' }, 'agent_output_invalid', 'breaks off'],
    [
      'its answer drops entries',
      { spoil: 'answer.memory_records.global = answer.memory_records.global.slice(1); text = JSON.stringify(answer);' },
      'agent_output_invalid',
      'keepsWhatNobodyNamed',
    ],
    [
      'its answer has a foreign skill',
      {
        spoil:
          "answer.compiled_skills.push({ skill_id: 'theirs', title: 'T', description: 'Use when', content: 'Mine.', action: 'edit' }); text = JSON.stringify(answer);",
      },
      'agent_output_invalid',
      'theirs',
    ],
    [
      'its answer invents an entry',
      {
        spoil:
          "answer.memory_records.global.push({ summary: 'L', content: 'The weather in Lisbon is nice.' }); text = JSON.stringify(answer);",
      },
      'agent_output_invalid',
      'restsOnTheBatch',
    ],
  ];

  test.each(faults)(
    'when %s, the deterministic merge does the work and the receipt says why',
    async (_, fault, reason, detail) => {
      const { temp, result, program } = await compileWith(name, { ...fault, before: lived });
      expect(result).toMatchObject({
        ok: true,
        value: { status: 'success', backend: name, fallback_backend: 'script' },
      });
      const receipt = temp.readJson('compiler/last_receipt.json');
      expect(receipt['discarded_items']).toMatchObject([{ reason, detail: expect.stringContaining(detail) }]);
      expect(temp.events.filter((event) => event.type === 'fell-back')).toHaveLength(1);
      expect(temp.read('memory/MEMORY.md')).toContain('This entry was here before.');
      expect(temp.read('memory/MEMORY.md')).toContain(FACT);
      expect(temp.list('suggestions/done')).toEqual(['a1.json']);
      expect(runsOf(program).filter(isRunning)).toEqual([]);
    },
  );

  test('without a fallback a failure gives the envelopes back and counts', async () => {
    const { temp, result } = await compileWith(name, { spoil: "text = '{}';", fallback: false });
    expect(result).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable' } });
    expect(temp.readJson('suggestions/pending/a1.json')).toMatchObject({ attempt_count: 1, state: 'pending' });
    expect(temp.list('generations')).toEqual([]);
  });

  test('without a fallback a used-up budget counts against nobody', async () => {
    const { temp, result } = await compileWith(name, { dailyCalls: 0, fallback: false });
    expect(result).toMatchObject({ ok: false, failure: { reason: 'budget-used-up' } });
    expect(temp.readJson('suggestions/pending/a1.json')).toMatchObject({ attempt_count: 0 });
  });

  test('is not asked again about what is known', async () => {
    const { temp, program } = await compileWith(name, {});
    temp.deposit('a2', [memory('Redis again', FACT)]);
    const backend = await backendOf(name, temp.world, settingsFor(program));
    expect(await temp.compile({ backend })).toMatchObject({ status: 'success', fallback_backend: null });
    expect(runsOf(program)).toHaveLength(1);
  });

  test('a compile that loses its lock ends the agent', async () => {
    const temp = tempBucket();
    const program = fakeAgent(temp.folder, name, 'setInterval(() => {}, 1000); await new Promise(() => {});');
    const backend = await backendOf(name, temp.world, settingsFor(program));
    const lost = new AbortController();
    const answer = backend.compile(aFullTask(), lost.signal);
    await expect.poll(() => runsOf(program), { timeout: 30_000 }).toHaveLength(1);
    lost.abort();
    expect(await answer).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
    expect(runsOf(program).filter(isRunning)).toEqual([]);
  });
});

test('entries that an agent put together are listed in the receipt', async () => {
  const temp = tempBucket();
  const twins =
    '## One\n\nRun make verify before every commit to main.\n\n## Two\n\nrun make verify before every commit to main\n\n';
  temp.write('memory/MEMORY.md', `# MEMORY\n\n${twins}`);
  deposits(temp);
  const spoil = 'answer.memory_records.global.splice(1, 1); text = JSON.stringify(answer);';
  const backend = await backendOf('agent:codex', temp.world, settingsFor(fakeAgent(temp.folder, 'agent:codex', spoil)));
  expect(await temp.compile({ backend })).toMatchObject({ fallback_backend: null });
  expect(temp.readJson('compiler/last_receipt.json')['absorbed']).toEqual([
    { scope: 'global', summary: 'Two', into: 'One' },
  ]);
});

test('without a model opencode is not asked, and the receipt says what to configure', async () => {
  const temp = tempBucket();
  deposits(temp);
  const program = fakeAgent(temp.folder, 'agent:opencode');
  const settings = settingsFor(program);
  settings.compile.opencode.model = null;
  const backend = await backendOf('agent:opencode', temp.world, settings);
  expect(await temp.compile({ backend, fallback: scriptBackend })).toMatchObject({ fallback_backend: 'script' });
  expect(temp.readJson('compiler/last_receipt.json')['discarded_items']).toMatchObject([
    { reason: 'opencode_unavailable', detail: expect.stringContaining('CODEX_SELF_EVOLUTION_OPENCODE_MODEL') },
  ]);
  expect(runsOf(program)).toEqual([]);
});
