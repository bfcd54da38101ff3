import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { withGroup } from '../../../src/install/hooks-json-add.ts';
import { withoutHooks } from '../../../src/install/hooks-json-remove.ts';
import { readHooksDocument } from '../../../src/install/hooks-json.ts';
import type { HooksDocument } from '../../../src/install/hooks-json.ts';

const FILE = '/c/hooks.json';
const ours = (command = 'OURS') => ({ hooks: [{ type: 'command', command, timeout: 10 }] });
const theirs = (command: string) => ({ matcher: 'startup', hooks: [{ type: 'command', command }] });

function read(text: string): HooksDocument {
  const result = readHooksDocument(FILE, text);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const add = (text: string, ...events: string[]): string =>
  events.reduce((so, event) => withGroup(read(so), { event, group: ours() }), text);
const remove = (text: string): string => withoutHooks(read(text), ({ command }) => command === 'OURS');

function problemOf(text: string): string {
  const result = readHooksDocument(FILE, text);
  if (result.ok || result.failure.reason !== 'file-invalid') throw new Error('it was accepted');
  return result.failure.detail;
}

describe('a group that is added', () => {
  test('comes behind the others of its event, in their indentation, and changes no other byte', () => {
    const text =
      '{\n    "hooks": {\n        "Stop": [\n            {"hooks": [ {"type":"command","command":"a"} ]}\n        ]\n    }\n}';

    expect(add(text, 'Stop')).toBe(
      '{\n    "hooks": {\n        "Stop": [\n            {"hooks": [ {"type":"command","command":"a"} ]},\n            {\n                "hooks": [\n                    {\n                        "type": "command",\n                        "command": "OURS",\n                        "timeout": 10\n                    }\n                ]\n            }\n        ]\n    }\n}',
    );
  });

  test('takes tabs and CRLF from the file', () => {
    const text = '{\r\n\t"hooks": {\r\n\t\t"Stop": []\r\n\t}\r\n}\r\n';

    expect(add(text, 'Stop')).toBe(
      '{\r\n\t"hooks": {\r\n\t\t"Stop": [\r\n\t\t\t{\r\n\t\t\t\t"hooks": [\r\n\t\t\t\t\t{\r\n\t\t\t\t\t\t"type": "command",\r\n\t\t\t\t\t\t"command": "OURS",\r\n\t\t\t\t\t\t"timeout": 10\r\n\t\t\t\t\t}\r\n\t\t\t\t]\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n}\r\n',
    );
  });

  test('stays on the one line of a file that has one', () => {
    expect(add('{"hooks":{"Stop":[]}}', 'Stop', 'SessionStart')).toBe(
      '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"OURS","timeout":10}]}],"SessionStart":[{"hooks":[{"type":"command","command":"OURS","timeout":10}]}]}}',
    );
    expect(add('{"hooks": {"Stop": []}}', 'Stop')).toBe(
      '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "OURS", "timeout": 10}]}]}}',
    );
  });

  test('makes a whole file of an empty object', () => {
    expect(JSON.parse(add('{}\n', 'SessionStart', 'Stop'))).toEqual({
      hooks: { SessionStart: [ours()], Stop: [ours()] },
    });
    expect(add('{}\n', 'Stop')).toMatch(/^\{\n {2}"hooks": \{\n {4}"Stop": \[\n {6}\{\n[\s\S]*\n\}\n$/);
  });
});

describe('a group that is removed', () => {
  test('leaves an empty one where others follow, whose trust hangs on their number', () => {
    const before = `{"hooks": {"Stop": [${JSON.stringify(ours())}, {"hooks": [{"type": "command", "command": "b"}]}]}}`;
    const after = remove(before);

    expect(after).toBe('{"hooks": {"Stop": [{"hooks": []}, {"hooks": [{"type": "command", "command": "b"}]}]}}');
    expect(read(after).hooks).toMatchObject([{ command: 'b', group: 1, place: 0 }]);
  });

  test('takes the event with it when nobody else hooks it, and the file when it says nothing more', () => {
    expect(remove(add('{"hooks":{"PreToolUse":[]}}', 'Stop'))).toBe('{"hooks":{"PreToolUse":[]}}');
    expect(remove(add('{"description":"mine"}', 'Stop'))).toBe('{"description":"mine"}');
    expect(remove(add('{}\n', 'Stop', 'SessionStart'))).toBe('{}\n');
  });

  test('leaves a hook that others follow in its own group as an empty one', () => {
    const shared = { hooks: [...ours().hooks, { type: 'command', command: 'b' }] };
    const after = remove(JSON.stringify({ hooks: { Stop: [shared] } }));

    expect(read(after).hooks).toMatchObject([{ command: 'b', group: 0, place: 1 }]);
  });

  test('at the beginning of the events takes its comma along', () => {
    const text = JSON.stringify(
      { hooks: { Stop: [ours()], SessionStart: [ours()], PreToolUse: [theirs('t')] } },
      null,
      2,
    );

    expect(JSON.parse(remove(text))).toEqual({ hooks: { PreToolUse: [theirs('t')] } });
  });
});

const space = fc.constantFrom('', ' ', '\n', '\n  ', '\r\n\t', '  ');
const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const foreignHook = fc.record({
  type: fc.constantFrom('command', 'prompt'),
  command: fc.string({ minLength: 1 }).filter((text) => text.trim() !== '' && text !== 'OURS'),
  more: plain,
});
const foreignGroup = fc.record({ hooks: fc.array(foreignHook, { minLength: 1, maxLength: 2 }) });
const foreignFile = fc.record({
  hooks: fc.record(
    {
      Stop: fc.array(foreignGroup, { minLength: 1, maxLength: 3 }),
      SessionStart: fc.array(foreignGroup, { minLength: 1, maxLength: 2 }),
      PreToolUse: fc.array(foreignGroup, { maxLength: 2 }),
      Later: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: ['PreToolUse'] },
  ),
});

/** JSON with any blanks that JSON allows, the same at every place of one kind. */
function written(value: unknown, spaces: readonly string[]): string {
  const [a = '', b = '', c = '', d = ''] = spaces;
  if (Array.isArray(value))
    return value.length === 0
      ? `[${a}]`
      : `[${a}${value.map((entry) => written(entry, spaces)).join(`${b},${c}`)}${d}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}${b}:${c}${written(member, spaces)}`,
  );
  return members.length === 0 ? `{${b}}` : `{${a}${members.join(`${d},${a}`)}${b}}`;
}

test('what is added and removed again leaves every byte as it was, however the file is written', () => {
  fc.assert(
    fc.property(foreignFile, fc.array(space, { minLength: 4, maxLength: 4 }), space, (file, spaces, end) => {
      const text = written(file, spaces) + end;
      const added = add(text, 'SessionStart', 'UserPromptSubmit', 'Stop');
      const before = read(text).hooks;

      expect(JSON.parse(added).hooks.Stop.at(-1)).toEqual(ours());
      expect(read(added).hooks.filter(({ command }) => command !== 'OURS')).toEqual(before);
      expect(remove(added)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('removal moves nobody whoever came later, and leaves nothing of ours that runs', () => {
  fc.assert(
    fc.property(foreignFile, fc.array(foreignGroup, { maxLength: 2 }), (file, later) => {
      let text = add(JSON.stringify(file, null, 2), 'Stop', 'SessionStart');
      for (const group of later) text = withGroup(read(text), { event: 'Stop', group });
      const places = read(text).hooks.filter(({ command }) => command !== 'OURS');

      expect(read(remove(text)).hooks).toEqual(places);
    }),
    { numRuns: 200 },
  );
});

describe('a file that Codex would reject is refused with its place', () => {
  test.each([
    ['{\n  "hooks": {},\n}', 'line 3, column 1'],
    ['{"hooks": {} // mine\n}', 'line 1, column 14'],
    ['', 'line 1, column 1'],
    ['{"hooks": {"Stop": [], "Stop": []}}', 'comes twice'],
    ['\uFEFF{}', 'byte-order mark'],
    ['{"version": 1}', 'the key "version"'],
    ['{"hooks": null}', '"hooks" is an object'],
    ['{"hooks": {"Stop": {}}}', 'list of groups'],
    ['{"hooks": {"Stop": [null]}}', 'a group of hooks is an object'],
    ['{"hooks": {"Stop": [{"hooks": [{"type": "mcp"}]}]}}', 'a hook has a type'],
    ['{"hooks": {"Stop": [{"hooks": [{"type": "command", "timeout": 1.5}]}]}}', 'whole number'],
    ['{"hooks": "\\x"}', 'does not end'],
    ['['.repeat(200), 'deeper'],
  ])('%s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  test('but not for events and keys that it only ignores', () => {
    const text =
      '{"hooks": {"Later": "x", "Stop": [{"note": 1}, {"hooks": [{"type": "prompt"}, {"type": "command", "command": " "}]}]}}';

    expect(read(text).hooks).toEqual([]);
  });
});

test('a hooks file with a text of megabytes is read like any other', () => {
  const description = 'é\\n'.repeat(2_000_000);
  const result = readHooksDocument(FILE, JSON.stringify({ description, hooks: {} }));

  // No matcher of the test runner: its message would show the text.
  expect(result.ok && result.value.root.members[0]?.value.end === JSON.stringify({ description }).length - 1).toBe(
    true,
  );
});
