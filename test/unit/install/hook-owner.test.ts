import { describe, expect, test } from 'vitest';
import { ownerOf } from '../../../src/install/hook-owner.ts';
import { ourGroups } from '../../../src/install/our-hooks.ts';

describe('a command belongs to', () => {
  test.each([
    `'/home/me/.codex-self-evolution/app/hook' session-start --from-stdin || exit 0`,
    `"/home/me/app/hook" stop-review --from-stdin`,
    String.raw`"C:\Users\me\.codex-self-evolution\app\hook.cmd" prompt-recall --from-stdin`,
    'node "$PLUGIN_ROOT/dist/hook.cjs" stop-review --from-stdin || exit 0',
    'node /clone/dist/cli.js stop-review --from-stdin',
    'csep session-start --cwd /x --from-stdin',
    `'/home/me/app/hook' stop-review --verbose --from-stdin; true`,
  ])('us: %s', (command) => expect(ownerOf(command)).toBe('ours'));

  test.each([
    'uvx --from codex-self-evolution-plugin codex-self-evolution stop-review --from-stdin',
    '/opt/homebrew/bin/uvx --from codex-self-evolution-plugin@0.7.0 codex-self-evolution session-start --from-stdin',
    'python3.11 -m codex_self_evolution.cli session-start --from-stdin',
    '/home/me/plugin/.venv/bin/codex-self-evolution stop-review --from-stdin',
    'pipx run codex-self-evolution-plugin stop-review',
  ])('the Python version: %s', (command) => expect(ownerOf(command)).toBe('python'));

  test.each([
    'hook stop-review',
    'their-tool session-start --from-stdin',
    'echo codex-self-evolution',
    '/usr/bin/webhook stop --from-stdin',
    'cat /home/me/.codex-self-evolution/notes',
  ])('somebody else: %s', (command) => expect(ownerOf(command)).toBe('other'));
});

describe('our hooks', () => {
  test.each([`/home/it's "here" $HOME`, '/home/`id`/a b', String.raw`/home/back\slash`, '/home/%PATH%'])(
    'are ours wherever they lie: %s',
    (folder) => {
      for (const { group } of ourGroups(`${folder}/app/hook`, 'win32')) {
        const [hook] = group.hooks;
        expect([hook?.command, hook?.commandWindows].map((command) => ownerOf(command ?? ''))).toEqual([
          'ours',
          'ours',
        ]);
      }
    },
  );

  test('have a command for Windows only there', () => {
    const [group] = ourGroups('/x/app/hook', 'linux');

    expect(group?.group.hooks[0]).toEqual({
      type: 'command',
      command: "'/x/app/hook' session-start --from-stdin || exit 0",
      timeout: 10,
    });
  });

  test('bring as much context as those of the plugin', () => {
    expect(ourGroups('/x', 'linux').map(({ event, group }) => [event, group.hooks[0]?.additionalContextLimit])).toEqual(
      [
        ['SessionStart', undefined],
        ['UserPromptSubmit', 600],
        ['Stop', undefined],
      ],
    );
  });
});
