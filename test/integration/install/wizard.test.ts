import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { askForInstall } from '../../../src/install/wizard.ts';
import type { WizardAnswers } from '../../../src/install/wizard.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const LEFT_OR_NO = 'n';
const CTRL_C = '\u0003';

/** Answers each question when it is on the screen: [what is asked, keys]. */
async function wizard(
  given: Partial<WizardAnswers>,
  script: [string, string[]][],
): Promise<{ answers: WizardAnswers | undefined; screen: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  let screen = '';
  const waiting = [...script];
  output.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString('utf8'));
    const [next] = waiting;
    if (!next || !screen.includes(next[0])) return;
    waiting.shift();
    for (const key of next[1]) setImmediate(() => input.write(key));
  });
  const answers = await askForInstall({
    given,
    keysSet: ['OPENAI_API_KEY'],
    review: (chosen) =>
      `REVIEW ${chosen.provider} ${chosen.apiKey === undefined ? 'no key' : 'a key'} ${chosen.scheduler} ${chosen.trust}`,
    streams: { input, output },
  });
  return { answers, screen };
}

describe('the first run', () => {
  test('asks for reviewer, key, scheduler and trust, shows what it will do, and hides the key', async () => {
    const { answers, screen } = await wizard({}, [
      ['Who reviews', [DOWN, ENTER]],
      ['MINIMAX_API_KEY (', ['sk-very-secret', ENTER]],
      ['every five minutes', [ENTER]],
      ['Trust these three', [ENTER]],
      ['Go on?', [ENTER]],
    ]);

    expect(answers).toEqual({ provider: 'minimax', apiKey: 'sk-very-secret', scheduler: true, trust: true });
    expect(screen).toContain('REVIEW minimax a key true true');
    expect(screen).not.toContain('sk-very-secret');
  });

  test('asks nothing that a flag has said, nor for a key that is set', async () => {
    const { answers, screen } = await wizard({ provider: 'openai-compatible', scheduler: false, trust: false }, [
      ['Go on?', [ENTER]],
    ]);

    expect(answers).toEqual({ provider: 'openai-compatible', apiKey: undefined, scheduler: false, trust: false });
    expect(screen).not.toContain('Who reviews');
    expect(screen).not.toContain('OPENAI_API_KEY');
  });

  test.each([
    ['at the last look', [['Go on?', [LEFT_OR_NO]]]],
    ['with Ctrl-C', [['Go on?', [CTRL_C]]]],
  ] satisfies [string, [string, string[]][]][])('does nothing for somebody who says no %s', async (_how, script) => {
    const { answers, screen } = await wizard({ provider: 'heuristic', scheduler: false, trust: false }, script);

    expect(answers).toBeUndefined();
    expect(screen).toContain('Nothing was changed.');
  });
});
