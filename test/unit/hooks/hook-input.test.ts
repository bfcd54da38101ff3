import { fc, test as propertyTest } from '@fast-check/vitest';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SessionStartInput, StopInput, UserPromptSubmitInput } from '../../../src/contracts/hook.ts';
import { readPromptInput, readSessionStartInput, readStopInput } from '../../../src/hooks/hook-input.ts';

const defaults = { cwd: () => '/fallback' };
const common = {
  session_id: 's',
  transcript_path: '/t.jsonl',
  cwd: '/repo',
  model: 'gpt-5.5',
  permission_mode: 'default',
};
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const readers = [
  { name: 'SessionStart', read: readSessionStartInput, schema: SessionStartInput, own: { source: 'resume' } },
  {
    name: 'Stop',
    read: readStopInput,
    schema: StopInput,
    own: { turn_id: 't', stop_hook_active: true, last_assistant_message: 'Done.' },
  },
  {
    name: 'UserPromptSubmit',
    read: readPromptInput,
    schema: UserPromptSubmitInput,
    own: { turn_id: 't', prompt: 'Hi', agent_id: 'a' },
  },
] as const;

describe.each(readers)('the payload of $name', ({ name, read, schema, own }) => {
  const payload = { ...common, hook_event_name: name, ...own };

  test('is read as its contract has it', () => {
    const reading = read(bytes(payload), defaults);

    expect(reading.ok).toBe(true);
    if (!reading.ok) return;
    expect(v.parse(schema, payload)).toMatchObject(reading.value);
    expect(v.safeParse(schema, reading.value).success).toBe(true);
  });

  test('may have a byte-order mark, unknown keys and no transcript', () => {
    const reading = read(bytes(`\uFEFF${JSON.stringify({ ...payload, transcript_path: null, news: [1] })}`), defaults);

    expect(reading).toMatchObject({ ok: true, value: { transcript_path: null, cwd: '/repo' } });
  });

  test.each([undefined, 7, '', 'a\u0000b', null])(
    'with the cwd %j belongs to the folder that the hook runs in',
    (cwd) => {
      expect(read(bytes({ ...payload, cwd }), defaults)).toMatchObject({ ok: true, value: { cwd: '/fallback' } });
    },
  );

  test.each(['', '{', 'null', '[]', '7', '"text"', '\u0000\u0001\u0002', '{"a":1}{"b":2}'])(
    'is none when stdin has %j',
    (text) => {
      expect(read(bytes(text), defaults).ok).toBe(false);
    },
  );

  test('is none when it is of another event', () => {
    expect(read(bytes({ ...payload, hook_event_name: 'SubagentStop' }), defaults).ok).toBe(false);
  });

  propertyTest.prop([fc.uint8Array({ maxLength: 200 })])('is never an exception', (garbage) => {
    expect(read(Buffer.from(garbage), defaults).ok).toBe(false);
  });

  propertyTest.prop([
    fc.dictionary(
      fc.constantFrom(
        'session_id',
        'transcript_path',
        'cwd',
        'source',
        'prompt',
        'turn_id',
        'agent_id',
        'last_assistant_message',
      ),
      fc.jsonValue(),
    ),
  ])('is always of its contract once it is an object', (fields) => {
    const reading = read(bytes(fields), defaults);

    expect(reading.ok && v.safeParse(schema, reading.value).success).toBe(true);
  });
});

test.each([
  ['Stop', readStopInput],
  ['UserPromptSubmit', readPromptInput],
] as const)('the payload of %s names the subagent whose it is', (event, read) => {
  const payload = { ...common, hook_event_name: event };

  expect(read(bytes({ ...payload, agent_id: 'a1' }), defaults)).toMatchObject({ value: { agent_id: 'a1' } });
  expect(read(bytes({ ...payload, agent_id: 7 }), defaults)).not.toHaveProperty('value.agent_id');
});
