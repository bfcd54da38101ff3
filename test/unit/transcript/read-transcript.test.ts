import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTranscript } from '../../../src/transcript/read-transcript.ts';
import type { TurnItem } from '../../../src/transcript/turn.ts';
import {
  answers,
  asLines,
  event,
  meta,
  paginated,
  responseItem,
  responseMessage,
  runs,
  says,
  temporaryFile,
  temporaryFolder,
  turnItem,
  valueOf,
} from './rollout-writer.ts';

const fixture = (name: string): string => join(import.meta.dirname, '../../fixtures/rollouts', name);
const read = (file: string, from: Parameters<typeof readTranscript>[1] = null, options = {}) =>
  valueOf(readTranscript(file, from, options));
const brief = (turnItems: readonly TurnItem[]): string[] =>
  turnItems.map((one) => {
    switch (one.kind) {
      case 'user':
      case 'assistant':
        return `${one.kind}: ${one.text}`;
      case 'command':
        return `command: ${one.command} -> ${one.exitCode}`;
      case 'files':
        return `files: ${one.paths.join(' ')}`;
    }
  });

describe('rollouts captured from Codex 0.169', () => {
  test('yield prompts, answers, commands and files, and none of the commentary and hook prompts', () => {
    const slice = read(fixture('rollout-sample.jsonl'));
    expect(brief(slice.items)).toEqual([
      'user: create notes.txt',
      'command: ls && git status --short -> 0',
      'files: /home/alice/code/myrepo/notes.txt',
      'command: false -> 1',
      'assistant: Created notes.txt with a greeting.',
      'assistant: Second answer after the stop hook.',
    ]);
    expect(slice.session).toEqual({
      threadId: '0199c0de-0000-7000-8000-000000000001',
      sessionId: '0199c0de-0000-7000-8000-000000000001',
      cwd: '/home/alice/code/myrepo',
      subagent: false,
      nested: false,
    });
    expect(slice).toMatchObject({ startOrdinal: 9, truncated: false, rewritten: false, skippedLines: 0 });
    expect(slice.end?.ordinal).toEqual(45);
  });

  test('a compaction summary is not part of the conversation', () => {
    const { items } = read(fixture('rollout-compaction-resume-sample.jsonl'));
    expect(brief(items)).toEqual(['user: first', 'assistant: first reply', 'user: second', 'assistant: second reply']);
  });

  test('a subagent is marked, and its parent does not get its notification as a prompt', () => {
    expect(read(fixture('rollout-subagent-child.jsonl')).session).toMatchObject({
      subagent: true,
      threadId: '0199c0de-0000-7000-8000-000000000002',
      sessionId: '0199c0de-0000-7000-8000-000000000001',
    });
    const parent = read(fixture('rollout-with-subagent-parent.jsonl'));
    expect(parent.session?.subagent).toEqual(false);
    expect(brief(parent.items).join('\n')).not.toContain('subagent_notification');
  });

  test.each(['rollout-sample.jsonl', 'rollout-compaction-resume-sample.jsonl', 'rollout-with-subagent-parent.jsonl'])(
    '%s read in two parts, cut after any line, is the same as read at once',
    (name) => {
      const text = readFileSync(fixture(name), 'utf8');
      const lines = text.trimEnd().split('\n');
      const whole = read(fixture(name));
      // The answer is chosen among a turn's messages, so only cuts between turns and around the end of one are exact.
      const cuts = lines.flatMap((line, i) =>
        /"task_complete"|"final_answer"|"task_started"/u.test(line) ? [i + 1] : [],
      );
      for (const cut of cuts) {
        const file = temporaryFile(asLines(lines.slice(0, cut)));
        const first = read(file);
        appendFileSync(file, asLines(lines.slice(cut)));
        const second = read(file, first.end);
        expect([...brief(first.items), ...brief(second.items)]).toEqual(brief(whole.items));
        expect(second.rewritten).toEqual(false);
        expect(second.startOrdinal).toEqual((first.end?.ordinal ?? 0) + 1);
        expect(second.end?.ordinal).toEqual(whole.end?.ordinal);
      }
    },
  );
});

describe('the cursor', () => {
  const lines = paginated([meta(), says('one'), answers('1'), says('two', 'turn-2'), answers('2', 'turn-2')]);

  test('at the end of a transcript there is nothing new, and the cursor stays', () => {
    const file = temporaryFile(asLines(lines));
    const { end } = read(file);
    const again = read(file, end);
    expect(again.items).toEqual([]);
    expect(again.end).toEqual(end);
  });

  test('stops at the last complete line, and the rest is read once it is complete', () => {
    const cut = asLines(lines).slice(0, -20);
    const file = temporaryFile(cut);
    const first = read(file);
    expect(brief(first.items)).toEqual(['user: one', 'assistant: 1', 'user: two']);
    expect(first.end?.ordinal).toEqual(3);
    expect(first.skippedLines).toEqual(0);
    writeFileSync(file, asLines(lines));
    expect(brief(read(file, first.end).items)).toEqual(['assistant: 2']);
  });

  test('a whole last line without a line end counts, and is the same line when the end comes', () => {
    const file = temporaryFile(asLines(lines).trimEnd());
    const first = read(file);
    expect(first.end?.ordinal).toEqual(4);
    appendFileSync(file, `\n${asLines(paginated([says('three', 'turn-3')], 5))}`);
    expect(brief(read(file, first.end).items)).toEqual(['user: three']);
  });

  test('chains do not depend on where a transcript was cut', () => {
    const file = temporaryFile(asLines(lines.slice(0, 3)));
    const first = read(file);
    appendFileSync(file, asLines(lines.slice(3)));
    expect(read(file, first.end).end).toEqual(read(file).end);
  });

  test('a rewritten file is read again, without the history that was reviewed', () => {
    const file = temporaryFile(asLines(lines));
    const { end } = read(file);
    const rewritten = paginated(
      [meta({ cwd: '/elsewhere' }), says('one'), answers('1'), says('two'), answers('2'), says('three', 'x')],
      7,
    );
    writeFileSync(file, asLines(rewritten));
    const slice = read(file, end, { reviewedChains: new Set([end?.chain ?? '']) });
    expect(slice.rewritten).toEqual(true);
    expect(brief(slice.items)).toEqual(['user: three']);
    expect(slice.startOrdinal).toEqual(12);
    expect(slice.startChain).toEqual(end?.chain);
    expect(read(file, end).items).toHaveLength(5);
  });

  test('a copy of a reviewed history under another id yields only what is new', () => {
    const { end } = read(temporaryFile(asLines(lines)));
    const copy = temporaryFile(
      asLines([
        { type: 'session_meta', payload: { id: 't2' } },
        event({ type: 'user_message', message: 'one' }),
        event({ type: 'agent_message', message: '1' }),
        event({ type: 'user_message', message: 'two' }),
        event({ type: 'agent_message', message: '2' }),
        event({ type: 'user_message', message: 'three' }),
      ]),
    );
    const slice = read(copy, null, { reviewedChains: new Set([end?.chain ?? '']) });
    expect(brief(slice.items)).toEqual(['user: three']);
    expect(slice.rewritten).toEqual(false);
  });

  test('a fork begins where it left its parent', () => {
    const file = temporaryFile(
      asLines(
        paginated([
          meta({ forked_from_id: 't0', forked_from_ordinal_exclusive: 3 }),
          says('old'),
          answers('old answer'),
          says('new'),
          answers('new answer'),
        ]),
      ),
    );
    const slice = read(file);
    expect(brief(slice.items)).toEqual(['user: new', 'assistant: new answer']);
    expect(slice.startOrdinal).toEqual(3);
  });

  test('in rollouts without ordinals the line number is the ordinal, even if lines repeat', () => {
    const same = JSON.stringify({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'continue' }] });
    const other = JSON.stringify({
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'something else' }],
    });
    const file = temporaryFile(asLines([{ id: 'old', timestamp: '2025-05-01T00:00:00Z' }, same]));
    const first = read(file);
    expect(first.end?.ordinal).toEqual(1);
    appendFileSync(file, asLines([other, same]));
    expect(brief(read(file, first.end).items)).toEqual(['user: something else', 'user: continue']);
  });
});

describe('older rollouts', () => {
  test('events and response items that tell the same are told once', () => {
    const file = temporaryFile(
      asLines([
        { timestamp: 'x', type: 'session_meta', payload: { id: 't', cwd: '/r' } },
        responseMessage('user', '<user_instructions>\nAlways be nice\n</user_instructions>'),
        responseMessage('user', '# AGENTS.md instructions for /r\n\n<INSTRUCTIONS>\nNever push\n</INSTRUCTIONS>'),
        responseMessage('user', '<environment_context>\n  <cwd>/r</cwd>\n</environment_context>'),
        responseMessage('user', 'fix the build'),
        event({ type: 'user_message', message: 'fix the build', kind: 'plain' }),
        { type: 'turn_context', payload: { cwd: '/r' } },
        responseItem({
          type: 'function_call',
          name: 'shell',
          arguments: '{"command":["bash","-lc","make"]}',
          call_id: 'c1',
        }),
        responseItem({
          type: 'function_call_output',
          call_id: 'c1',
          output: '{"output":"boom","metadata":{"exit_code":2}}',
        }),
        event({ type: 'agent_message', message: 'I look into it.' }),
        responseMessage('assistant', 'I look into it.'),
        responseItem({
          type: 'custom_tool_call',
          name: 'apply_patch',
          call_id: 'c2',
          input: '*** Begin Patch\n*** Update File: src/a.c\n*** End Patch',
        }),
        event({ type: 'agent_message', message: 'Fixed.' }),
        responseMessage('assistant', 'Fixed.'),
        responseMessage('user', 'thanks'),
        event({ type: 'user_message', message: 'thanks' }),
      ]),
    );
    expect(brief(read(file).items)).toEqual([
      'user: fix the build',
      'command: make -> 2',
      'files: src/a.c',
      'assistant: Fixed.',
      'user: thanks',
    ]);
  });

  test('a turn that begins between the two writings of a prompt does not double it', () => {
    const file = temporaryFile(
      asLines([
        responseMessage('user', 'hello'),
        { type: 'turn_context', payload: {} },
        event({ type: 'user_message', message: 'hello' }),
      ]),
    );
    expect(brief(read(file).items)).toEqual(['user: hello']);
  });

  test('the second writing of an answer, read after the cursor, is not a new answer', () => {
    const file = temporaryFile(
      asLines([event({ type: 'user_message', message: 'a' }), event({ type: 'agent_message', message: 'b' })]),
    );
    const { end } = read(file);
    appendFileSync(file, asLines([responseMessage('assistant', 'b'), event({ type: 'user_message', message: 'c' })]));
    expect(brief(read(file, end).items)).toEqual(['user: c']);
  });

  test('response items alone are enough, with named and with unnamed injected parts', () => {
    const kinds = {
      internal_chat_message_metadata_passthrough: { content_item_kinds: ['hooks.additional_context', 'user.text'] },
    };
    const file = temporaryFile(
      asLines([
        {
          type: 'response_item',
          payload: {
            type: 'message',
            role: 'user',
            content: [
              { type: 'input_text', text: 'injected' },
              { type: 'input_text', text: 'mine' },
            ],
            ...kinds,
          },
        },
        responseMessage('developer', 'be quiet'),
        responseMessage('user', '<turn_aborted>\nby the user\n</turn_aborted>'),
        responseMessage('user', '<hook_prompt hook_run_id="x">again</hook_prompt>'),
        responseMessage('user', '<permissions instructions>all</permissions instructions>'),
        responseMessage(
          'user',
          '# Context from my IDE setup:\n\n## Active file: a.ts\n\n## My request for Codex:\nrename it\n',
        ),
        responseItem({ type: 'local_shell_call', call_id: 'c', action: { type: 'exec', command: ['ls', '-a b'] } }),
        responseItem({
          type: 'function_call_output',
          call_id: 'c',
          output: 'Exit code: 1\nWall time: 0 seconds\nOutput:\nno\n',
        }),
        responseMessage('assistant', 'done'),
      ]),
    );
    expect(brief(read(file).items)).toEqual([
      'user: mine',
      'user: rename it',
      "command: ls '-a b' -> 1",
      'assistant: done',
    ]);
  });

  test('what compaction wrote is no answer', () => {
    const file = temporaryFile(
      asLines([
        responseMessage('user', 'go'),
        { ...responseMessage('assistant', 'SUMMARY'), metadata: { compaction_output: true } },
        { type: 'compacted', payload: { message: 'SUMMARY', replacement_history: [responseMessage('user', 'go')] } },
      ]),
    );
    expect(brief(read(file).items)).toEqual(['user: go']);
  });

  test('the oldest lines without a wrapper are read', () => {
    const file = temporaryFile(
      asLines([
        { id: 'old-1', timestamp: '2025-05-07T17:24:21Z', instructions: null },
        { record_type: 'state' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'function_call', name: 'shell', arguments: '{"command":["ls"]}', call_id: 'c' },
        { type: 'function_call_output', call_id: 'c', output: '{"output":"a","metadata":{"exit_code":0}}' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hello' }] },
      ]),
    );
    const slice = read(file);
    expect(slice.session?.threadId).toEqual('old-1');
    expect(brief(slice.items)).toEqual(['user: hi', 'command: ls -> 0', 'assistant: hello']);
  });

  test('commands that Codex ran and reported as events are told once', () => {
    const file = temporaryFile(
      asLines([
        event({ type: 'user_message', message: 'go' }),
        responseItem({ type: 'function_call', name: 'exec_command', arguments: '{"cmd":"make test"}', call_id: 'c' }),
        event({
          type: 'exec_command_end',
          call_id: 'c',
          command: ['bash', '-lc', 'make test'],
          exit_code: 1,
          aggregated_output: 'bad',
        }),
        responseItem({
          type: 'function_call_output',
          call_id: 'c',
          output: 'Process exited with code 1\nOutput:\nbad',
        }),
      ]),
    );
    expect(brief(read(file).items)).toEqual(['user: go', 'command: make test -> 1']);
  });
});

describe('what a reviewer sees', () => {
  test('of several unmarked messages of a turn the last one is the answer', () => {
    const file = temporaryFile(
      asLines(
        paginated([
          meta(),
          says('a'),
          answers('looking'),
          answers('done'),
          says('b', 'turn-2'),
          answers('x', 'turn-2', 'commentary'),
        ]),
      ),
    );
    expect(brief(read(file).items)).toEqual(['user: a', 'assistant: done', 'user: b']);
  });

  test('long outputs keep their beginning and their end', () => {
    const output = `first line\n${'x'.repeat(50_000)}\nerror: the last line`;
    const { items } = read(temporaryFile(asLines(paginated([meta(), runs('make', 2, output)]))));
    const [command] = items;
    if (command?.kind !== 'command') throw new Error('expected a command');
    expect(command.output.length).toBeLessThan(2_100);
    expect(command.output).toMatch(/^first line[\s\S]*characters left out[\s\S]*error: the last line$/u);
  });

  test('declined patches and messages without text are nothing', () => {
    const file = temporaryFile(
      asLines(
        paginated([
          meta(),
          turnItem({ type: 'FileChange', changes: { '/a': {} }, status: 'declined' }),
          turnItem({ type: 'UserMessage', content: [{ type: 'image', image_url: 'data:' }] }),
          answers('  '),
        ]),
      ),
    );
    expect(read(file).items).toEqual([]);
  });

  test('a session whose first prompt carries our mark is our own', () => {
    const file = temporaryFile(asLines(paginated([meta(), says('csep-fence-1 review this')])));
    expect(read(file, null, { nestedMark: 'csep-fence' }).session?.nested).toEqual(true);
    expect(read(file, null, { nestedMark: 'other' }).session?.nested).toEqual(false);
  });
});

describe('bad files', () => {
  test('a missing file, a folder and a link are failures that say so', () => {
    const folder = temporaryFolder();
    expect(readTranscript(join(folder, 'none'), null)).toMatchObject({
      ok: false,
      failure: { reason: 'file-missing' },
    });
    mkdirSync(join(folder, 'folder'));
    expect(readTranscript(join(folder, 'folder'), null)).toMatchObject({
      ok: false,
      failure: { reason: 'file-unreadable' },
    });
    symlinkSync(fixture('rollout-sample.jsonl'), join(folder, 'link'));
    expect(readTranscript(join(folder, 'link'), null)).toMatchObject({
      ok: false,
      failure: { reason: 'file-unreadable' },
    });
  });

  test('an empty and a binary file have nothing to read', () => {
    expect(read(temporaryFile(''))).toMatchObject({ items: [], end: null, session: null, startOrdinal: 0 });
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256);
    const slice = read(temporaryFile(bytes));
    expect(slice).toMatchObject({ items: [], end: null, session: null });
    expect(slice.skippedLines).toBeGreaterThan(0);
  });

  test('garbage between good lines is counted and costs nothing else', () => {
    const lines = paginated([meta(), says('one'), says('two')]);
    const file = temporaryFile(
      asLines([lines[0], 'garbage', '[1]', '', lines[1], '{"ordinal":9,"type":"event_msg","payload":null}', lines[2]]),
    );
    const slice = read(file);
    expect(brief(slice.items)).toEqual(['user: one', 'user: two']);
    expect(slice.skippedLines).toEqual(2);
  });

  test('CRLF, a byte-order mark and U+2028 inside a text change nothing', () => {
    const lines = paginated([meta(), says('one\u2028two'), answers('ok')]);
    const plain = read(temporaryFile(asLines(lines)));
    const windows = read(temporaryFile(`\uFEFF${asLines(lines, '\r\n')}`));
    expect(windows).toEqual(plain);
    expect(brief(plain.items)[0]).toEqual('user: one\u2028two');
  });

  test('a line larger than a line may be is skipped, wherever it stands', () => {
    const huge = says('x'.repeat(5_000));
    const lines = paginated([meta(), huge, says('one'), huge, says('two')]);
    const limits = { maxLineBytes: 2_000, blockBytes: 300 };
    const file = temporaryFile(asLines(lines));
    const slice = read(file, null, { limits });
    expect(brief(slice.items)).toEqual(['user: one', 'user: two']);
    expect(slice.skippedLines).toEqual(2);
    expect(
      brief(read(file, { ...read(temporaryFile(asLines(lines.slice(0, 3)))).end!, chain: 'c' }, { limits }).items),
    ).toEqual(['user: two']);
  });

  test('only the end of a transcript above the limit is read, and the start does not move with it', () => {
    const lines = paginated([meta(), ...Array.from({ length: 200 }, (_, i) => says(`prompt ${i}`, `turn-${i}`))]);
    const file = temporaryFile(asLines(lines));
    const limits = { maxBytes: 4_000, blockBytes: 512 };
    const slice = read(file, null, { limits });
    expect(slice.truncated).toEqual(true);
    expect(slice.startOrdinal).toEqual(0);
    expect(slice.items.length).toBeGreaterThan(5);
    expect(brief(slice.items).at(-1)).toEqual('user: prompt 199');
    expect(slice.session?.threadId).toEqual('t1');
  });

  test('blocks of any size give the same lines', () => {
    const text = readFileSync(fixture('rollout-sample.jsonl'));
    const lines = text.toString('utf8').split('\n');
    const cursor = read(temporaryFile(asLines(lines.slice(0, 20)))).end;
    const expected = read(fixture('rollout-sample.jsonl'), cursor);
    for (const blockBytes of [64, 997, 4096, text.length - 1, text.length, text.length + 1]) {
      expect(read(fixture('rollout-sample.jsonl'), cursor, { limits: { blockBytes } })).toEqual(expected);
    }
  });
});
