import { expect, test } from 'vitest';
import { reviewWaiting } from '../../../src/capture/review-queue.ts';
import { json, modelServer } from '../reviewer/model-server.ts';
import { Rig } from './support/rig.ts';

/** What a review of the last 8,000 characters at every turn would show of the session. */
const WINDOW = 8_000;
const QUIET_SECONDS = 90;
const nothing = { memory_updates: [], recall_candidate: [], skill_action: [] };

/** A turn as sessions have them: a wish, an answer of some length, no two alike. */
const said = (turn: number): [string, string] => [
  `Turn ${turn}: please look into module ${turn} and tell me why request ${turn * 37} is slow. ${'It matters. '.repeat(turn % 9)}`,
  `Module ${turn} opens its file for each of ${turn + 3} lines. ${`Line ${turn}: read, parsed, thrown away. `.repeat(30 + (turn % 5) * 20)}`,
];

interface Sent {
  requests: number;
  /** Tokens by the rule of thumb, four bytes each. */
  tokens: number;
  /** What reviews of the last characters at every turn would have sent, with the same instructions each time. */
  windowTokens: number;
}

/** @param pauses whether the user lets the session rest after each turn, so that each is reviewed by itself */
async function sentFor(turns: number, pauses: boolean): Promise<Sent> {
  const server = await modelServer(
    json(200, { choices: [{ message: { content: JSON.stringify(nothing) }, finish_reason: 'stop' }] }),
  );
  const rig = new Rig();
  const env = {
    ...rig.world.env,
    CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'openai-compatible',
    OPENAI_API_KEY: 'k-1',
    OPENAI_BASE_URL: server.url,
  };
  const session = rig.session();
  let whole = '';
  let windowTokens = 0;
  for (let turn = 1; turn <= turns; turn++) {
    const [wish, answer] = said(turn);
    session.say(wish, answer);
    whole += wish + answer;
    windowTokens += Math.min(whole.length, WINDOW) / 4;
    await session.stop();
    rig.clock.pass(pauses || turn === turns ? QUIET_SECONDS : 5);
    await reviewWaiting({ ...rig.world, env }, { now: false, report: () => undefined });
  }
  const bytes = server.received.reduce((sum, { body }) => sum + Buffer.byteLength(JSON.stringify(body)), 0);
  const tokens = Math.round(bytes / 4);
  const instructions = (tokens - whole.length / 4) / server.received.length;
  return { requests: server.received.length, tokens, windowTokens: Math.round(windowTokens + turns * instructions) };
}

test(
  'what is sent of a session of 40 turns grows with its length, not with its square',
  { timeout: 60_000 },
  async () => {
    const short = await sentFor(20, true);
    const long = await sentFor(40, true);
    const quick = await sentFor(40, false);

    expect(short.requests).toBe(20);
    expect(long.requests).toBe(40);
    expect(long.tokens / short.tokens).toBeLessThan(2.2);
    expect(quick.requests).toBe(1);
    expect(quick.tokens).toBeLessThan(long.windowTokens / 2);
    process.stdout.write(
      `40 turns, input tokens: ${long.tokens} when each turn is reviewed by itself (20 turns: ${short.tokens}), ` +
        `${quick.tokens} when they follow each other; the last ${WINDOW} characters at every turn: ${long.windowTokens}\n`,
    );
  },
);
