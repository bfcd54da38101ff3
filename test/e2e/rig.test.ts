import { describe, expect, inject, test } from 'vitest';
import { processesWith, run } from './support/child.ts';
import { withCodex } from './support/codex-rig.ts';
import type { HooksFile } from './support/hooks-file.ts';
import { inOrder } from './support/model-server.ts';
import { hooksOfPlugin, listHooks } from './support/plugin.ts';
import { waitFor } from './support/wait-for.ts';

const everyKindOfHook: HooksFile = {
  hooks: {
    SessionStart: [
      { matcher: 'startup|resume', hooks: [{ type: 'command', command: 'true', additionalContextLimit: 100 }] },
      { hooks: [{ type: 'command', command: 'echo "ünï"', timeout: 3, statusMessage: 'Looking' }] },
      { hooks: [{ type: 'command', command: 'true', commandWindows: 'rem', additionalContextLimit: 2500 }] },
    ],
    UserPromptSubmit: [
      { matcher: 'ignored', hooks: [{ type: 'command', command: 'true', additionalContextLimit: 0 }] },
    ],
    Stop: [{ hooks: [{ type: 'command', command: 'true', timeout: 10 }] }],
  },
};

describe('the rig', () => {
  test.each([
    ['every kind of hook', () => everyKindOfHook, 5],
    ['our own hooks', () => hooksOfPlugin(inject('pluginRoot')), 3],
  ])('computes the trust that Codex itself would write for %s', async (_which, file, count) => {
    await withCodex(async (rig) => {
      rig.writeHooks(file());
      const before = await listHooks(rig);
      rig.trustHooks(file());
      const after = await listHooks(rig);

      expect(before.map(({ trustStatus }) => trustStatus)).toEqual(Array(count).fill('untrusted'));
      expect(after.map(({ trustStatus }) => trustStatus)).toEqual(Array(count).fill('trusted'));
    });
  });

  test('lets the model call a tool and hears what came of it', async () => {
    await withCodex(async (rig) => {
      rig.model.follow(inOrder({ shell: 'echo from-the-$((40 + 2))' }, { say: 'Done.' }));
      const session = await rig.exec('run something');

      expect(session.requests).toHaveLength(2);
      expect(JSON.stringify(session.requests[1]?.input.at(-1))).toContain('from-the-42');
      expect(session.stdout).toContain('Done.');
    });
  });

  test('reports a process that is still there at the end, and ends it', async () => {
    let codexHome = '';
    const leaving = withCodex(async (rig) => {
      codexHome = rig.codexHome;
      await run('/bin/sh', ['-c', 'exec sleep 300 >/dev/null 2>&1 &'], {
        cwd: rig.repo,
        env: rig.env,
        deadlineMs: 5000,
      });
      await expect(rig.quiet(200)).rejects.toThrow('the last process of this Codex');
      throw new Error('left something behind');
    });

    await expect(leaving).rejects.toThrow('left something behind');
    await waitFor('the leftover to be gone', () => processesWith('CODEX_HOME', codexHome).length === 0);
  });

  test('kills a command and its children at the deadline', async () => {
    const env = { PATH: process.env['PATH'] ?? '', CSEP_MARK: `deadline-${process.pid}` };
    const ended = await run('/bin/sh', ['-c', 'sleep 300 & wait'], { cwd: '/', env, deadlineMs: 300 });

    expect(ended).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
    await waitFor('the child to be gone', () => processesWith('CSEP_MARK', env.CSEP_MARK).length === 0);
  });
});
