import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { type CodexRig, complaints, type Session, withCodex } from './support/codex-rig.ts';
import { conversationOf } from './support/model-request.ts';
import { installPlugin, listHooks, trustListed } from './support/plugin.ts';
import { type StubPlugin, stubPlugin } from './support/stub-plugin.ts';

const everyHookOnce = ['session-start --from-stdin', 'prompt-recall --from-stdin', 'stop-review --from-stdin'];
const context = (event: string, text: string): string =>
  `process.stdout.write(JSON.stringify({ hookSpecificOutput: { hookEventName: '${event}', additionalContext: '${text}' } }));`;
const speaks = `
if (process.argv[2] === 'session-start') ${context('SessionStart', 'BEFORE')}
if (process.argv[2] === 'prompt-recall') ${context('UserPromptSubmit', 'AFTER')}`;

describe('the hooks of the plugin', () => {
  test('are listed, and none of them runs before somebody trusts it', async () => {
    await withCodex(async (rig) => {
      const plugin = stubPlugin(rig.temporary, speaks);
      await installPlugin(rig, plugin.marketplaceRoot, inject('pluginId'));
      const session = await rig.exec('hello');
      const hooks = await listHooks(rig);

      expect(hooks.map(({ eventName, pluginId, trustStatus }) => [eventName, pluginId, trustStatus])).toEqual([
        ['sessionStart', inject('pluginId'), 'untrusted'],
        ['userPromptSubmit', inject('pluginId'), 'untrusted'],
        ['stop', inject('pluginId'), 'untrusted'],
      ]);
      expect(session.exitCode).toBe(0);
      expect(plugin.calls()).toEqual([]);
      expect(conversation(session)).toEqual(['user: hello']);
    });
  });

  test('run once each when trusted, and what they say stands around the prompt', async () => {
    await withCodex(async (rig) => {
      const plugin = await trustedPlugin(rig, speaks);
      const session = await rig.exec('hello');

      expect(plugin.calls()).toEqual(everyHookOnce);
      expect(conversation(session)).toEqual(['developer: BEFORE', 'user: hello', 'developer: AFTER']);
      expect(complaints(session)).toEqual([]);
    });
  });

  test('run again on a resume', async () => {
    await withCodex(async (rig) => {
      const plugin = await trustedPlugin(rig, '');
      await rig.exec('hello');
      await rig.resume('and again');

      expect(plugin.calls()).toEqual([...everyHookOnce, ...everyHookOnce]);
    });
  });

  test('run from a CODEX_HOME whose name means something to a shell', async () => {
    await withCodex(async (rig) => {
      const plugin = await trustedPlugin(rig, speaks);
      const session = await rig.exec('hello');

      expect(plugin.calls()).toEqual(everyHookOnce);
      expect(conversation(session)).toEqual(['developer: BEFORE', 'user: hello', 'developer: AFTER']);
    }, 'it "costs" $HOME `id` \'here\'');
  });

  test('cost the user nothing when the program is broken', async () => {
    await withCodex(async (rig) => {
      const plugin = await trustedPlugin(rig, 'console.error("broken"); process.exit(2);');
      const session = await rig.exec('hello');

      expect(plugin.calls()).toEqual(everyHookOnce);
      expect(session.exitCode).toBe(0);
      expect(conversation(session)).toEqual(['user: hello']);
      expect(complaints(session)).toEqual([]);
    });
  });

  test('cost the user nothing when there is no node', async () => {
    await withCodex(async (rig) => {
      const plugin = await trustedPlugin(rig, speaks);
      const session = await rig.exec('hello', { env: { PATH: folderWithout(rig, 'node') } });

      expect(plugin.calls()).toEqual([]);
      expect(session.exitCode).toBe(0);
      expect(conversation(session)).toEqual(['user: hello']);
      expect(complaints(session)).toEqual([]);
    });
  });
});

async function trustedPlugin(rig: CodexRig, program: string): Promise<StubPlugin> {
  const plugin = stubPlugin(rig.temporary, program);
  await installPlugin(rig, plugin.marketplaceRoot, inject('pluginId'));
  await trustListed(rig, await listHooks(rig));
  return plugin;
}

function conversation(session: Session): string[] {
  const [request] = session.requests;
  return request === undefined ? [] : conversationOf(request).map(({ role, text }) => `${role}: ${text}`);
}

function folderWithout(rig: CodexRig, absent: string): string {
  const folder = join(rig.temporary, `bin-without-${absent}`);
  mkdirSync(folder);
  for (const name of ['sh', 'git']) symlinkSync(`/usr/bin/${name}`, join(folder, name));
  return folder;
}
