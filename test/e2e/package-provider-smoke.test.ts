import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/provider-smoke.mjs', import.meta.url));
const KEY = 'sk-smoke-4711-secret';
const ANSWER = JSON.stringify({
  memory_updates: [
    {
      summary: 'Use uv run pytest',
      details: { scope: 'global', action: 'add', content: 'Use `uv run pytest`, never plain pytest.' },
    },
  ],
  recall_candidate: [],
  skill_action: [],
});
const asMessage = { content: [{ type: 'text', text: ANSWER }], stop_reason: 'end_turn' };
const asCompletion = { choices: [{ message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }] };

const providers = [
  {
    name: 'minimax',
    key: 'MINIMAX_API_KEY',
    url: 'MINIMAX_BASE_URL',
    path: '/anthropic/v1/messages',
    answer: asMessage,
  },
  {
    name: 'anthropic-style',
    key: 'ANTHROPIC_API_KEY',
    url: 'ANTHROPIC_BASE_URL',
    path: '/v1/messages',
    answer: asMessage,
  },
  {
    name: 'openai-compatible',
    key: 'OPENAI_API_KEY',
    url: 'OPENAI_BASE_URL',
    path: '/v1/chat/completions',
    answer: asCompletion,
  },
];

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'csep-smoke-test-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function smoke(words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SCRIPT, ...words], {
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, ...env },
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, status: Number(status) };
}

/** A provider on the loopback that gives the same answer to everything. */
async function withProvider(
  status: number,
  answer: unknown,
  use: (base: string, headers: IncomingHttpHeaders[]) => Promise<void>,
): Promise<void> {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, response) => {
    headers.push(incoming.headers);
    void buffer(incoming);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock has no port');
  try {
    await use(`http://127.0.0.1:${address.port}`, headers);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the smoke test of a provider', () => {
  test.each(providers)('$name prints the answer and what was asked, not the key', async (provider) => {
    await withProvider(200, provider.answer, async (base, headers) => {
      const file = join(folder, 'keys');
      writeFileSync(file, `# mine\n${provider.key}="${KEY}"\n`);
      const { stdout, stderr, status } = await smoke([provider.name, '--keys', file], {
        [provider.url]: `${base}${provider.path}`,
      });
      const [asked, answered] = stdout.split(/(?<=^\}\n)/m).map((part): unknown => JSON.parse(part));

      expect([status, stderr]).toEqual([0, '']);
      expect(asked).toMatchObject({
        provider: provider.name,
        requests: [{ url: `${base}${provider.path}`, status: 200 }],
      });
      expect(answered).toMatchObject({
        answer: { suggestions: [{ family: 'memory_updates', summary: 'Use uv run pytest' }] },
      });
      expect(JSON.stringify(headers)).toContain(KEY);
      expect(stdout).not.toContain(KEY);
      expect(readdirSync(folder)).toEqual(['keys']);
    });
  });

  test.each(providers)('$name without a key says which one to set where', async ({ name, key }) => {
    const { stdout, stderr, status } = await smoke([name, '--keys', join(folder, 'none')]);

    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`set ${key} in the environment`);
    expect(stderr).toContain(join(folder, 'none'));
  });

  test('that is refused fails, and tells of the request all the same', async () => {
    await withProvider(401, { error: { message: `no such key: ${KEY}` } }, async (base) => {
      const { stdout, stderr, status } = await smoke(['anthropic-style'], {
        ANTHROPIC_API_KEY: KEY,
        ANTHROPIC_BASE_URL: `${base}/v1/messages`,
      });

      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ requests: [{ status: 401 }] });
      expect(stderr).toContain('401');
      expect(stdout + stderr).not.toContain(KEY);
    });
  });

  test.each([[[]], [['gemini']], [['minimax', '--key', 'sk-1']]])('takes %j for wrong usage', async (words) => {
    const { stderr, status } = await smoke(words);

    expect([status, stderr.split(' ')[0]]).toEqual([2, 'usage:']);
  });
});
