import { describe, expect, test } from 'vitest';
import { anthropicDialect } from '../../../src/agents/anthropic.ts';
import type { Reading } from '../../../src/agents/http-dialect.ts';
import { headersOf } from '../../../src/agents/http-dialect.ts';
import { openAiDialect } from '../../../src/agents/openai-compatible.ts';
import { aModel, completion, KEY } from './ask-world.ts';

const question = { system: 'Be brief.', prompt: 'What is new?' };

function answerOf(reading: Reading) {
  if (reading.kind !== 'answered') throw new Error(`${reading.kind}: ${reading.detail}`);
  return reading.answer;
}

const message = (content: unknown, stop = 'end_turn') => ({ type: 'message', content, stop_reason: stop });
const text = (words: string) => ({ type: 'text', text: words });

describe('the OpenAI dialect', () => {
  test('asks for a JSON object', () => {
    expect(openAiDialect.body(question, aModel())).toEqual({
      model: 'gpt-test',
      max_tokens: 4096,
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is new?' },
      ],
    });
  });

  test('sends the key as a bearer token', () => {
    expect(headersOf(openAiDialect, aModel())).toEqual({ authorization: `Bearer ${KEY}` });
  });

  test('reads text and tokens', () => {
    expect(answerOf(openAiDialect.read(completion('hello')))).toEqual({
      text: 'hello',
      cut: false,
      tokens: { input: 12, output: 3 },
    });
  });

  test('reads text in parts, and lives without a usage', () => {
    const parts = [{ type: 'text', text: 'hel' }, { type: 'other' }, { type: 'thinking', text: null }, 'lo'];
    expect(answerOf(openAiDialect.read({ choices: [{ message: { content: parts } }] }))).toEqual({
      text: 'hello',
      cut: false,
    });
  });

  test('notices an answer that was cut, even before its first word', () => {
    expect(answerOf(openAiDialect.read(completion('{"memo', 'length'))).cut).toBe(true);
    expect(answerOf(openAiDialect.read(completion('', 'length'))).cut).toBe(true);
  });

  test.each([null, 7, [], {}, { choices: {} }, { choices: [{}] }])('%j is broken', (body) => {
    expect(openAiDialect.read(body).kind).toBe('broken');
  });
});

test('a usage that is no usage counts nothing, so that no provider can lift the limits of a day', () => {
  for (const count of [-5e9, 1.7e308 * 10, 'many', null])
    expect(
      answerOf(
        openAiDialect.read({
          choices: [{ message: { content: 'x' } }],
          usage: { prompt_tokens: count, completion_tokens: 2 },
        }),
      ).tokens,
    ).toEqual({ input: 0, output: 2 });
});

describe('the Anthropic dialect', () => {
  test('has the system prompt apart', () => {
    expect(anthropicDialect.body(question, aModel({ model: 'claude-test' }))).toEqual({
      model: 'claude-test',
      max_tokens: 4096,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'What is new?' }],
    });
  });

  test('sends the key as x-api-key, or as a bearer token where the provider wants that', () => {
    const version = { 'anthropic-version': '2023-06-01' };
    expect(headersOf(anthropicDialect, aModel({ authorization: 'x-api-key' }))).toEqual({
      ...version,
      'x-api-key': KEY,
    });
    expect(headersOf(anthropicDialect, aModel())).toEqual({ ...version, authorization: `Bearer ${KEY}` });
  });

  test('reads the text blocks and passes over the thinking', () => {
    const content = [{ type: 'thinking', thinking: 'hm', text: 'not this' }, text('hel'), text('lo')];
    expect(answerOf(anthropicDialect.read(message(content)))).toEqual({ text: 'hello', cut: false });
  });

  test('counts cached input too', () => {
    const usage = { input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: null, output_tokens: 2 };
    expect(answerOf(anthropicDialect.read({ ...message([text('x')]), usage })).tokens).toEqual({
      input: 15,
      output: 2,
    });
  });

  test('notices an answer that was cut, even within its thinking', () => {
    expect(answerOf(anthropicDialect.read(message([text('{"memo')], 'max_tokens'))).cut).toBe(true);
    expect(answerOf(anthropicDialect.read(message([{ type: 'thinking' }], 'max_tokens')))).toEqual({
      text: '',
      cut: true,
    });
  });

  test('notices a refusal', () => {
    expect(anthropicDialect.read(message([], 'refusal')).kind).toBe('refused');
  });

  test.each([null, 'hello', {}, { content: 'hello' }, { content: [] }, { content: [{ type: 'thinking' }] }])(
    '%j is broken',
    (body) => {
      expect(anthropicDialect.read(body).kind).toBe('broken');
    },
  );
});
