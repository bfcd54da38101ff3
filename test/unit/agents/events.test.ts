import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCodexEvents } from '../../../src/agents/codex-events.ts';
import { parseJsonc } from '../../../src/agents/jsonc.ts';
import { readOpencodeEvents, readOpencodeStderr } from '../../../src/agents/opencode-events.ts';

const recorded = (name: string): string =>
  fs.readFileSync(new URL(`../../fixtures/agents/${name}.jsonl`, import.meta.url), 'utf8');
const line = (words: string): string =>
  `timestamp=t level=ERROR run=1 message="stream error" small=false error.error="AI_APICallError: ${words}"\n`;
const HELLO = '{"ok":true,"answer":"hello from mock"}';
const ONE = { input: 11, output: 7 };
const TWO = { input: 22, output: 14 };

describe('what the real opencode wrote', () => {
  test.each([
    ['ok', { text: HELLO, cut: false, tokens: ONE }],
    ['reason-thinking', { text: HELLO, cut: false, tokens: ONE }],
    ['twotext', { text: HELLO, cut: false, tokens: TWO }],
    ['deny-tool', { text: HELLO, cut: false, tokens: TWO }],
    ['length', { text: '{"ok":true', cut: true, tokens: ONE }],
    ['unicode', { text: '{"s":"line1\\nline2 \u2603 \u{1F600} \u2028 end"}\n', cut: false, tokens: ONE }],
  ])('%s is an answer', (name, answer) => {
    expect(readOpencodeEvents(recorded(`opencode-${name}`))).toEqual({ kind: 'answered', answer });
  });

  test.each([
    ['empty', { kind: 'empty' }],
    ['filter', { kind: 'failed', detail: "The response was blocked by the provider's content filter" }],
    ['r401', { kind: 'failed', status: 401, detail: 'mock 401' }],
    ['r500', { kind: 'failed', status: 500, detail: 'mock 500' }],
    ['model-unknown', { kind: 'failed', detail: 'Model not found: mock/nope.' }],
  ])('%s is none', (name, reading) => {
    expect(readOpencodeEvents(recorded(`opencode-${name}`))).toEqual(reading);
  });

  test('breaks off anywhere and is never an answer before its last step has ended', () => {
    const whole = recorded('opencode-twotext').trimEnd();
    for (let length = 0; length < whole.length; length += 37)
      expect(readOpencodeEvents(whole.slice(0, length)).kind).toBe('failed');
  });
});

describe('what opencode says on standard error', () => {
  test('the last error counts, as the provider said it', () => {
    expect(readOpencodeStderr(line('one') + line('two \\"quoted\\"'))).toEqual({
      lastError: 'AI_APICallError: two \\"quoted\\"',
    });
    expect(readOpencodeStderr('timestamp=t level=INFO error="x"\nplain words')).toEqual({});
  });

  test.each(['agent "nope" not found', 'agent "x" is a subagent, not a primary agent'])('%s is a fault', (words) => {
    expect(readOpencodeStderr(`\u001B[93m\u001B[1m! \u001B[0m ${words}. Falling back to default agent\n`)).toEqual({
      fault: `${words}. Falling back to default agent`,
    });
  });
});

describe('what the real codex wrote', () => {
  test('the last message of a completed turn is the answer', () => {
    expect(readCodexEvents(recorded('codex-answer'))).toEqual({
      kind: 'answered',
      answer: { text: 'Created notes.txt with a greeting.', cut: false, tokens: { input: 5000, output: 50 } },
    });
  });

  test('a failed turn says why', () => {
    const reading = readCodexEvents(recorded('codex-error'));
    expect(reading).toMatchObject({ kind: 'failed', detail: expect.stringContaining('high demand') });
  });

  test('a turn that breaks off is no answer', () => {
    const whole = recorded('codex-answer').trimEnd();
    for (let length = 0; length < whole.length; length += 37)
      expect(readCodexEvents(whole.slice(0, length))).toEqual({ kind: 'failed' });
  });
});

describe('JSON with comments', () => {
  test.each<[string, unknown]>([
    ['{"a": 1, /* x */ "b": [1, 2, ], // y\n}', { a: 1, b: [1, 2] }],
    ['{"url": "http://x//y", "c": "/* no */", "d": ",}"}', { url: 'http://x//y', c: '/* no */', d: ',}' }],
    ['{"a": "quote \\" // not a comment"}', { a: 'quote " // not a comment' }],
    ['{"a": 1, // last\n /* and */ }', { a: 1 }],
    ['{"a": ', undefined],
    ['', undefined],
  ])('%j', (text, value) => {
    expect(parseJsonc(text)).toEqual(value);
  });

  test('takes no longer for hostile texts', () => {
    expect(parseJsonc('"\\'.repeat(100_000))).toBeUndefined();
    expect(parseJsonc(`{"a": 1${',/* '.repeat(50_000)}`)).toBeUndefined();
    expect(parseJsonc(`{"a": 1${', '.repeat(20_000)}`)).toBeUndefined();
  });
});
