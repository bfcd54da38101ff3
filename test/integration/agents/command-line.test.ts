import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/agents/ask.ts';
import type { CommandSettings } from '../../../src/agents/command-line.ts';
import { askCommandLine } from '../../../src/agents/command-line.ts';
import { COMMON_FAULTS, faultTests, QUESTION } from './support/faults.ts';
import { withLab } from './support/lab.ts';

const lab = withLab();
const never = new AbortController().signal;
const TEXT = 'Answer with JSON.\n\nWhat is new?';
const asking = (command: string[], more: Partial<CommandSettings> = {}): Ask =>
  askCommandLine({ command, payloadMode: 'stdin', responseFormat: 'raw-json', timeoutMs: 60_000, ...more }, lab);

const ECHO = `
  const [mode, place] = process.argv.slice(2);
  if (place && mode === 'file') note(String(fs.statSync(place).mode & 0o777));
  const text = mode === 'stdin' ? input() : mode === 'file' ? fs.readFileSync(place, 'utf8') : place;
  note(process.env.CODEX_SELF_EVOLUTION_NESTED);
  console.log(JSON.stringify({ text }));`;

describe('a command of the user', () => {
  test.each([
    { payloadMode: 'stdin', words: ['stdin'], notes: ['1'] },
    { payloadMode: 'file', words: ['file', '<payload>'], notes: ['384', '1'] },
    { payloadMode: 'file', words: ['file'], notes: ['384', '1'] },
    { payloadMode: 'inline', words: ['inline', '<payload>'], notes: ['1'] },
    { payloadMode: 'inline', words: ['inline'], notes: ['1'] },
  ] as const)('gets the question as $payloadMode with $words', async ({ payloadMode, words, notes }) => {
    const answer = await asking([lab.program('echo', ECHO), ...words], { payloadMode })(QUESTION, never);
    expect(answer).toEqual({ ok: true, value: { text: `${JSON.stringify({ text: TEXT })}\n`, cut: false } });
    expect(lab.notes()).toEqual(notes);
    expect(lab.left()).toEqual([]);
  });

  test('cannot put a key of our environment into its answer, whatever the key looks like', async () => {
    const key = 'plain words as "key"';
    const world = { ...lab, env: { ...lab.env, MINIMAX_API_KEY: key } };
    const settings = { payloadMode: 'stdin', responseFormat: 'raw-json', timeoutMs: 60_000 } as const;
    const command = [lab.program('tells', 'console.log(JSON.stringify({ k: process.env.MINIMAX_API_KEY }));')];
    const answer = await askCommandLine({ ...settings, command }, world)(QUESTION, never);
    expect(answer).toEqual({ ok: true, value: { text: '{"k":"[redacted:api-key]"}\n', cut: false } });
  });

  test('may name paths when it fails, also those near a key, but not the key', async () => {
    const env = { ...lab.env, SSH_KEY_PATH: '/home/me/.ssh/id_ed25519', MINIMAX_API_KEY: 'Zq81LmNoPq77Rs99' };
    const settings = { payloadMode: 'stdin', responseFormat: 'raw-json', timeoutMs: 60_000 } as const;
    const words = 'cannot read /home/me/.codex/auth.json with';
    const script = `process.stderr.write('${words} ' + process.env.MINIMAX_API_KEY); process.exit(1);`;
    const command = [lab.program('tells-paths', script)];
    const answer = await askCommandLine({ ...settings, command }, { ...lab, env })(QUESTION, never);
    const detail = `it ended with exit code 1: ${words} [redacted:api-key]`;
    expect(answer).toMatchObject({ ok: false, failure: { reason: 'agent-failed', detail } });
  });

  test('is given dollar signs and quotes as they are', async () => {
    const prompt = '$& $1 `x` "y" \u0027z';
    const answer = await asking([lab.program('echo', ECHO), 'inline', '<payload>'], { payloadMode: 'inline' })(
      { system: '', prompt },
      never,
    );
    expect(answer).toMatchObject({ ok: true, value: { text: `${JSON.stringify({ text: `\n\n${prompt}` })}\n` } });
  });

  test('is not given as an argument what no argument can hold', async () => {
    const question = { system: '', prompt: 'é'.repeat(20_000) };
    const answer = await asking([lab.program('echo', ECHO), 'inline'], { payloadMode: 'inline' })(question, never);
    expect(answer).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    expect(lab.notes()).toEqual([]);
  });

  test.each([
    [
      'codex-events',
      `{"type":"item.completed","item":{"type":"agent_message","text":"A"}}\n{"type":"turn.completed"}\n`,
    ],
    [
      'opencode-events',
      `{"type":"text","part":{"messageID":"m","text":"A"}}\n{"type":"step_finish","part":{"messageID":"m","reason":"stop"}}\n`,
    ],
    ['raw-json', 'A'],
  ] as const)('may answer as %s', async (responseFormat, output) => {
    fs.writeFileSync(path.join(lab.root, 'output'), output);
    const program = lab.program('cat', 'process.stdout.write(fs.readFileSync(process.argv[2]));');
    const answer = await asking([program, path.join(lab.root, 'output')], { responseFormat })(QUESTION, never);
    expect(answer).toMatchObject({ ok: true, value: { text: 'A', cut: false } });
  });

  faultTests(
    lab,
    [
      ...COMMON_FAULTS,
      { name: 'no output', program: 'input();', outcome: { reason: 'answer-unparsable', says: 'empty answer' } },
    ],
    (program, timeoutMs) => asking([program], { timeoutMs }),
  );
});
