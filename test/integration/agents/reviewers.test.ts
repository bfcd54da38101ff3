import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/agents/ask.ts';
import type { Result } from '../../../src/contracts/failure.ts';
import type { ReviewerSettings } from '../../../src/reviewer/reviewer-settings.ts';
import type { Review, Reviewer } from '../../../src/reviewer/reviewer.ts';
import { chooseReviewer } from '../../../src/reviewer/choose-reviewer.ts';
import { aTask } from '../../unit/reviewer/a-task.ts';
import { reviewerContract } from '../../unit/reviewer/reviewer-contract.ts';
import { withLab } from './support/lab.ts';

const lab = withLab();

/** A reviewer that is a program, and how a fake one says an answer. */
interface Row {
  name: string;
  saying: (text: string) => string;
  /** How it says that a key is refused. */
  refusing: string;
  settings: (program: string) => ReviewerSettings;
}

const rows: Row[] = [
  {
    name: 'codex-cli',
    saying: (text) =>
      `event({ type: 'item.completed', item: { type: 'agent_message', text: ${JSON.stringify(text)} } }); event({ type: 'turn.completed', usage: { input_tokens: 10, output_tokens: 2 } });`,
    refusing: `event({ type: 'turn.failed', error: { message: 'unexpected status 401 Unauthorized: bad key' } }); process.exit(1);`,
    settings: (program) => ({ command: [program] }),
  },
  {
    name: 'opencode-cli',
    saying: (text) =>
      `event({ type: 'text', part: { messageID: 'm', text: ${JSON.stringify(text)} } }); event({ type: 'step_finish', part: { messageID: 'm', reason: 'stop', tokens: { input: 10, output: 2 } } });`,
    refusing: `event({ type: 'error', error: { data: { message: 'bad key', statusCode: 401 } } });`,
    settings: (program) => ({ command: [program], model: 'mock/good' }),
  },
  {
    name: 'command',
    saying: (text) => `process.stdout.write(${JSON.stringify(text)});`,
    refusing: `process.stderr.write('bad key'); process.exit(1);`,
    settings: (program) => ({ command: [program] }),
  },
];

const GOOD = JSON.stringify({
  memory_updates: [
    { summary: 'Use pnpm', confidence: 0.9, details: { content: 'Use pnpm.', old_summary: null, basis: 'user' } },
  ],
  recall_candidate: [],
  skill_action: [],
});

describe.each(rows)('the reviewer $name', ({ name, saying, refusing, settings }) => {
  async function reviewer(body: string, aroundAsk?: (ask: Ask) => Ask): Promise<Reviewer> {
    const program = lab.program('reviewer', `note('asked'); input();${body}`);
    const world = {
      env: lab.env,
      home: lab.home,
      clock: { now: () => new Date() },
      ...(aroundAsk ? { aroundAsk } : {}),
    };
    const chosen = await chooseReviewer(name, world, settings(program));
    if (!chosen.ok) throw new Error(JSON.stringify(chosen.failure));
    return chosen.value;
  }
  const review = async (body: string): Promise<Result<Review>> =>
    (await reviewer(body)).review(aTask(), new AbortController().signal);

  reviewerContract(name, () => reviewer(saying(GOOD)));

  test('finds what the program says, and leaves nothing', async () => {
    const found = await review(saying(`Here it is:\n\`\`\`json\n${GOOD}\n\`\`\``));
    expect(found).toMatchObject({
      ok: true,
      value: { suggestions: [{ summary: 'Use pnpm', details: { basis: 'user' } }] },
    });
    expect(lab.notes()).toEqual(['asked']);
    expect(lab.left()).toEqual([]);
  });

  test('costs something, and each question passes the budget', async () => {
    const seen: string[] = [];
    const counted = await reviewer(saying('no JSON'), (ask) => (question, signal) => {
      seen.push('a question');
      return ask(question, signal);
    });
    await counted.review(aTask(), new AbortController().signal);
    expect(counted.costs).toBe(true);
    expect(seen).toHaveLength(3);
  });

  test('asks again for an answer that cannot be read, twice, and then gives up with it', async () => {
    expect(await review(saying('{"memory_updates": 7}'))).toMatchObject({
      ok: false,
      failure: { reason: 'answer-unparsable', raw: '{"memory_updates": 7}' },
    });
    expect(lab.notes()).toEqual(['asked', 'asked', 'asked']);
  });

  test('asks once when it is refused or told nothing', async () => {
    const refused = await review(refusing);
    const empty = await review(saying(''));
    expect(JSON.stringify(refused)).toContain('bad key');
    expect(empty).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable' } });
    expect(lab.notes()).toEqual(['asked', 'asked']);
  });
});
