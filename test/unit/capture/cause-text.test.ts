import { describe, expect, test } from 'vitest';
import { causeText } from '../../../src/capture/cause-text.ts';
import type { Failure } from '../../../src/contracts/failure.ts';
import { chooseReviewer } from '../../../src/reviewer/choose-reviewer.ts';

async function causeOfChoice(name: string): Promise<string> {
  const providerFile = '/srv/home/.env.provider';
  const chosen = await chooseReviewer(name, { env: {}, providerFile, clock: { now: () => new Date(0) } });
  return chosen.ok ? 'no failure' : causeText(chosen.failure);
}

describe('the cause of a failed review', () => {
  test('is for an unknown reviewer its name and the known ones', async () => {
    expect(await causeOfChoice('opnai')).toBe(
      'The reviewer "opnai" is not known; use one of dummy, heuristic, openai-compatible, anthropic-style, minimax, codex-cli, opencode-cli, command.',
    );
  });

  test('is for a missing key the variable and the file of the real home', async () => {
    expect(await causeOfChoice('minimax')).toBe(
      'There is no API key: set MINIMAX_API_KEY in the environment or in /srv/home/.env.provider.',
    );
  });

  test.each<[Failure, string]>([
    [
      { reason: 'model-refused', provider: 'openai-compatible', status: 401, detail: 'Incorrect key' },
      'openai-compatible refused with status 401: Incorrect key',
    ],
    [{ reason: 'model-timed-out', provider: 'minimax', afterMs: 30_000 }, 'minimax gave no answer within 30000 ms'],
    [
      { reason: 'model-unreachable', provider: 'minimax', detail: 'ECONNREFUSED' },
      'minimax cannot be reached: ECONNREFUSED',
    ],
    [
      { reason: 'disk-failed', operation: 'write', path: '/home/x', code: 'ENOSPC' },
      'disk-failed: write /home/x (ENOSPC)',
    ],
    [{ reason: 'file-invalid', path: '/home/x.json', detail: 'no object' }, 'file-invalid: /home/x.json: no object'],
    [{ reason: 'file-missing', path: '/home/x' }, 'file-missing: /home/x'],
    [{ reason: 'answer-unparsable', detail: 'no JSON', raw: '…' }, 'answer-unparsable: no JSON'],
    [{ reason: 'aborted', what: 'the review' }, 'the review was stopped before it was done'],
  ])('is made of the facts of %o', (failure, cause) => {
    expect(causeText(failure)).toBe(cause);
  });

  test('shows no secret and is never long', () => {
    const key = ['sk-', 'proj-', 'a1B2c3D4'.repeat(4)].join('');
    const cause = causeText({
      reason: 'model-refused',
      provider: 'openai-compatible',
      status: 401,
      detail: `Incorrect key ${key}. ${'Really. '.repeat(100)}`,
    });
    expect(cause).toContain('Incorrect key [redacted:');
    expect(cause).not.toContain(key);
    expect(cause).toHaveLength(400);
  });
});
