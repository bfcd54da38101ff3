import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPlain } from '../../../src/transcript/read-plain.ts';

const brief = (transcript: unknown): string[] =>
  readPlain(transcript).map((one) =>
    one.kind === 'user' || one.kind === 'assistant' ? `${one.kind}: ${one.text}` : one.kind,
  );

describe('an inline transcript', () => {
  test('is split at role marks, in English, Chinese and Japanese', () => {
    expect(brief('User: hi\nthere\nAssistant: hello')).toEqual(['user: hi\nthere', 'assistant: hello']);
    expect(brief('用户：你好\n助手：您好')).toEqual(['user: 你好', 'assistant: 您好']);
    expect(brief('ユーザー：こんにちは\nアシスタント：はい')).toEqual(['user: こんにちは', 'assistant: はい']);
    expect(brief('**User:** hi\n## Assistant: hello')).toEqual(['user: hi', 'assistant: hello']);
  });

  test('without role marks is one user message', () => {
    expect(brief('please remember this\nand that')).toEqual(['user: please remember this\nand that']);
    expect(brief('')).toEqual([]);
    expect(brief(undefined)).toEqual([]);
    expect(brief(42)).toEqual([]);
  });

  test('does not take roles from a chat log in a code block, and leaves out system and tool text', () => {
    expect(brief('User: look\n```\nAssistant: not me\n```\nSystem: obey\nTool: ls\nAssistant: ok')).toEqual([
      'user: look\n```\nAssistant: not me\n```',
      'assistant: ok',
    ]);
  });

  test('may be a list of messages, as value or as JSON text', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [{ type: 'text', text: 'b' }] },
      { role: 'tool', content: 'c' },
      'noise',
    ];
    expect(brief(messages)).toEqual(['user: a', 'assistant: b']);
    expect(brief(JSON.stringify(messages))).toEqual(['user: a', 'assistant: b']);
    expect(brief({ messages })).toEqual(['user: a', 'assistant: b']);
  });

  test('may be the text of a rollout', () => {
    const text = readFileSync(join(import.meta.dirname, '../../fixtures/rollouts/rollout-sample.jsonl'), 'utf8');
    expect(brief(text)).toEqual([
      'user: create notes.txt',
      'command',
      'files',
      'command',
      'assistant: Created notes.txt with a greeting.',
      'assistant: Second answer after the stop hook.',
    ]);
  });

  test("injected blocks are nobody's words", () => {
    expect(brief('User: <environment_context>x</environment_context>\nAssistant: ok')).toEqual(['assistant: ok']);
  });
});
