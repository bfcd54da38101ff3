import { expect, test } from 'vitest';
import type { Ask } from '../../../../src/agents/ask.ts';
import type { Failure } from '../../../../src/contracts/failure.ts';
import type { Lab } from './lab.ts';
import { isRunning } from './lab.ts';

export const QUESTION = { system: 'Answer with JSON.', prompt: 'What is new?' };

/** What a fault becomes; a text is looked for in the failure's own words. */
export type Outcome = Partial<Record<'reason' | 'says' | 'status', unknown>>;

export interface Fault {
  name: string;
  /** What the fake program does. */
  program: string;
  outcome: Outcome;
  timeoutMs?: number;
}

const HANG = 'note(String(process.pid)); input(); setInterval(() => {}, 1000);';

/** Faults that look the same whoever is asked. */
export const COMMON_FAULTS: readonly Fault[] = [
  {
    name: 'an exit code with words',
    program: 'process.stderr.write("no such luck"); process.exit(7);',
    outcome: { reason: 'agent-failed', says: 'exit code 7: no such luck' },
  },
  {
    name: 'a crash',
    program: 'process.kill(process.pid, "SIGKILL");',
    outcome: { reason: 'agent-failed', says: 'SIGKILL' },
  },
  { name: 'a hang', program: HANG, outcome: { reason: 'model-timed-out' }, timeoutMs: 2_500 },
  {
    name: 'output without end',
    program: 'for (;;) fs.writeSync(1, "x".repeat(100000));',
    outcome: { reason: 'agent-failed', says: '8000000 bytes' },
  },
  {
    name: 'a key in its words',
    program:
      'process.stderr.write("wrong key sk-proj-" + "Ab3dEf6hIj9k".repeat(4) + " or " + process.env.MY_API_KEY); process.exit(1);',
    outcome: { reason: 'agent-failed', says: 'wrong key [redacted:' },
  },
  {
    name: 'long words',
    program: 'process.stderr.write("word ".repeat(5000)); process.exit(1);',
    outcome: { reason: 'agent-failed', says: 'word word' },
  },
];

/** Runs each fault, and looks that nothing runs on, nothing lies about and nothing is told that must not be. */
export function faultTests(lab: Lab, faults: readonly Fault[], ask: (program: string, timeoutMs: number) => Ask): void {
  test.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s is a failure that says so',
    async (_name, fault) => {
      const secret = 'k3y-0f-my-0wn-provider';
      lab.env['MY_API_KEY'] = secret;
      const program = lab.program('fake', fault.program);
      const answer = await ask(program, fault.timeoutMs ?? 60_000)(QUESTION, new AbortController().signal);
      if (answer.ok) throw new Error(`it answered ${JSON.stringify(answer.value)}`);
      const { says, ...rest } = fault.outcome;
      expect(answer.failure).toMatchObject(rest);
      expect(wordsOf(answer.failure)).toContain(says ?? '');
      expect(wordsOf(answer.failure)).not.toContain(secret);
      expect(wordsOf(answer.failure).length).toBeLessThan(500);
      expect(lab.left()).toEqual([]);
      expect(lab.notes().map(Number).filter(isRunning)).toEqual([]);
    },
  );
}

const wordsOf = (failure: Failure): string =>
  'detail' in failure ? failure.detail : 'fix' in failure ? failure.fix : '';
