import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, inject, test } from 'vitest';
import { type CodexRig, complaints, firstRequest, withCodex } from './support/codex-rig.ts';
import { promote } from './support/home-view.ts';
import {
  conversationOf,
  estimateTokens,
  messagesOf,
  type ModelRequest,
  type SpokenMessage,
} from './support/model-request.ts';
import type { Script } from './support/model-server.ts';
import { hooksOfPlugin } from './support/plugin.ts';
import { waitFor } from './support/wait-for.ts';

const PROMPT_CONTEXT_LIMIT = 600;
const MATCHING = 'test_webhook_retry fails again: the payment webhook signature is rejected. What did we do about it?';
const UNRELATED = 'Write a limerick about a lighthouse.';
/** Only the record knows this name, so where it stands the record stands. */
const ANSWER = 'WEBHOOK_CLOCK_SKEW_SECONDS';

const candidate = (summary: string, content: string): Record<string, unknown> => ({
  family: 'recall_candidate',
  summary,
  confidence: 0.9,
  details: { content, source_paths: [] },
});
const records = [
  candidate(
    'Flaky payment webhook signature in test_webhook_retry',
    `test_webhook_retry failed because the payment webhook signature was checked without tolerance for clock skew. Setting ${ANSWER}=5 in .env.test made it pass.`,
  ),
  candidate(
    'Order of database migrations',
    'Migrations in db/migrate run in the order of their numeric prefix; 0042 must come before 0043.',
  ),
  candidate(
    'Where the design tokens come from',
    'Colours are generated from tokens.json by scripts/build-tokens.mjs; never edit theme.css by hand.',
  ),
  candidate(
    'Slow container builds',
    'The container build was slow because the cache mount for pnpm was missing in the Dockerfile.',
  ),
  candidate(
    'Staging logs',
    'Logs of the staging cluster are in the bucket logs-staging, one folder per day, kept for a week.',
  ),
];

describe('a prompt', () => {
  test('that matches a promoted record brings it, after the prompt and within its budget', async () => {
    await withRecords(async (rig) => {
      const session = await rig.exec(MATCHING);
      const conversation = conversationOf(firstRequest(session));
      const prompt = conversation.findIndex(({ role, text }) => role === 'user' && text === MATCHING);
      const recalled = recalledIn(conversation);

      expect(complaints(session)).toEqual([]);
      expect(recalled).toEqual([conversation[prompt + 1]]);
      expect(estimateTokens(recalled.map(({ text }) => text).join(''))).toBeLessThanOrEqual(PROMPT_CONTEXT_LIMIT);
    });
  });

  test('that has nothing to do with the records brings nothing', async () => {
    await withRecords(async (rig) => {
      const conversation = conversationOf(firstRequest(await rig.exec(UNRELATED)));

      expect(conversation.at(-1)).toMatchObject({ role: 'user', text: UNRELATED });
    });
  });

  test('that matches once more in the same session does not bring the record a second time', async () => {
    await withRecords(async (rig) => {
      await rig.exec(MATCHING);
      const resumed = conversationOf(firstRequest(await rig.resume(MATCHING)));
      const afresh = conversationOf(firstRequest(await rig.exec(MATCHING)));

      expect(recalledIn(resumed)).toHaveLength(1);
      expect(recalledIn(afresh)).toHaveLength(1);
    });
  });

  test('of a subagent brings nothing, though the same prompt of the user would', async () => {
    await withRecords(async (rig, promptsSeen) => {
      rig.model.follow(spawnsAgentWith(MATCHING));
      const session = await rig.exec(UNRELATED);
      const ofSubagent = session.requests.find((request) => lastSaid(request) === MATCHING);

      expect(promptsSeen()).toEqual([UNRELATED, MATCHING]);
      expect(ofSubagent).toBeDefined();
      expect(session.requests.flatMap((request) => recalledIn(messagesOf(request)))).toEqual([]);
    });
  });
});

describe('the command that a session is told', () => {
  test('finds the record when the model runs it', async () => {
    await withRecords(async (rig) => {
      let command: string | undefined;
      rig.model.follow((request, count) => {
        command ??= recallCommandIn(conversationOf(request));
        return count === 1 && command !== undefined
          ? { shell: `${command} "webhook signature clock skew"` }
          : undefined;
      });
      const session = await rig.exec(UNRELATED);

      expect(command).toBeDefined();
      expect(session.requests).toHaveLength(2);
      expect(session.requests[1]?.input.at(-1)).toMatchObject({ output: expect.stringContaining(ANSWER) });
    });
  });
});

/** The command up to where its words would stand. */
function recallCommandIn(messages: readonly SpokenMessage[]): string | undefined {
  const texts = messages.filter(({ role }) => role === 'developer').map(({ text }) => text);
  return /^.*csep\.js"? recall(?= )/m.exec(texts.join('\n'))?.[0];
}

/** A rig with trusted hooks and the records above promoted in its repository's bucket. */
async function withRecords(use: (rig: CodexRig, promptsSeen: () => string[]) => Promise<void>): Promise<void> {
  await withCodex(async (rig) => {
    const journal = join(rig.temporary, 'prompts.jsonl');
    const hooks = hooksOfPlugin(inject('pluginRoot'));
    const note = { type: 'command' as const, command: `cat >> '${journal}'; echo >> '${journal}'` };
    hooks.hooks['UserPromptSubmit']?.push({ hooks: [note] });
    rig.writeHooks(hooks);
    rig.trustHooks(hooks);
    const scanned = await promote(rig, records);
    expect(scanned.counts).toMatchObject({ run: 1, failed: 0 });
    await use(rig, () => promptsIn(journal));
  });
}

/** Every prompt for which Codex called UserPromptSubmit. */
function promptsIn(journal: string): string[] {
  const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => v.parse(PromptPayload, JSON.parse(line)).prompt);
}

const PromptPayload = v.looseObject({ prompt: v.string() });

/** The main agent starts one subagent and answers once that one has asked the model. */
function spawnsAgentWith(message: string): Script {
  let spawned = false;
  let subagentAsked = false;
  return async (request) => {
    if (lastSaid(request) === message) {
      subagentAsked = true;
      return { say: 'The subagent is done.' };
    }
    if (spawned) {
      await waitFor('the subagent to ask the model', () => subagentAsked);
      return { say: 'All done.' };
    }
    spawned = true;
    return { call: { name: 'spawn_agent', namespace: 'multi_agent_v1', arguments: { message } } };
  };
}

function lastSaid(request: ModelRequest): string | undefined {
  return messagesOf(request).findLast(({ role }) => role === 'user')?.text;
}

function recalledIn(messages: readonly SpokenMessage[]): SpokenMessage[] {
  return messages.filter(({ role, text }) => role === 'developer' && text.includes(ANSWER));
}
