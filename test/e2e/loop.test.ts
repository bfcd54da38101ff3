import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { type CodexRig, complaints, firstRequest, type Session, withCodex } from './support/codex-rig.ts';
import { depositedEnvelope, filesBelow, pendingEnvelopes, promote, queuedReviews, scan } from './support/home-view.ts';
import { asPlugin, type Install, installs, installTrusted } from './support/installs.ts';
import { conversationOf, estimateTokens, skillsList } from './support/model-request.ts';
import { listHooks } from './support/plugin.ts';
import { waitFor } from './support/wait-for.ts';

const WISH = 'Remember: always run the tests with `make verify`, never with pytest directly.';
const SESSION_CONTEXT_LIMIT = 2500;

const releaseSkill = {
  family: 'skill_action',
  summary: 'How to cut a release of this repository',
  confidence: 0.95,
  details: {
    action: 'create',
    skill_id: 'cut-a-release',
    title: 'Cut a release',
    description: 'Use when somebody asks to publish, tag or release a new version of this repository.',
    content: [
      'Releases of this repository are made from the main branch only.',
      '',
      '1. Run `make verify` and stop when it fails.',
      '2. Move the entries under "Unreleased" in CHANGELOG.md below a heading with the new version.',
      '3. Set the version with `npm version --no-git-tag-version <version>`.',
      '4. Commit as `release: <version>` and tag the commit `v<version>`.',
      '5. Push the branch first, then the tag: the publishing job starts from the tag.',
    ].join('\n'),
  },
};
const SKILL_IN_LIST = /csep-[0-9a-f]{6}-cut-a-release: Use when somebody asks to publish/;

describe.each(installs)('the loop through $name', (install) => {
  test('what the user wished in one session is in front of the model in the next', async () => {
    await withCodex(async (rig) => {
      await installed(rig, install);
      const first = await rig.exec(WISH);
      const envelope = await depositedEnvelope(rig);
      const scanned = await scan(rig);
      const second = await rig.exec('Please fix the failing test.');

      expect(complaints(first)).toEqual([]);
      expect(contextBefore(first)).toBeUndefined();
      expect(JSON.stringify(envelope.suggestions)).toContain('make verify');
      expect(scanned.counts).toMatchObject({ run: 1, failed: 0 });
      expect(pendingEnvelopes(rig.home)).toEqual([]);
      expect(complaints(second)).toEqual([]);
      const context = contextBefore(second);
      expect(context).toContain('make verify');
      expect(estimateTokens(context ?? '')).toBeLessThanOrEqual(SESSION_CONTEXT_LIMIT);
    });
  });

  test('a promoted skill is in the list that the model is given', async () => {
    await withCodex(async (rig) => {
      await installed(rig, install);
      const before = await rig.exec('hello');
      await promote(rig, [releaseSkill]);
      const after = await rig.exec('hello again');

      expect(skillsList(firstRequest(before))).not.toContain('cut-a-release');
      expect(skillsList(firstRequest(after))).toMatch(SKILL_IN_LIST);
    });
  });

  test('nothing of it happens before somebody trusts the hooks', async () => {
    await withCodex(async (rig) => {
      await install.put(rig);
      const untrusted = await rig.exec(WISH);
      await rig.quiet();
      const homeBefore = existsSync(rig.home);
      await install.trust(rig);
      await rig.exec(WISH);
      await depositedEnvelope(rig);

      expect(untrusted.exitCode).toBe(0);
      expect(conversationOf(firstRequest(untrusted)).map(({ role }) => role)).toEqual(['user']);
      expect(homeBefore).toBe(false);
    });
  });
});

describe('the plugin', () => {
  test('writes nothing into its own folder, so it stays trusted', async () => {
    await withCodex(async (rig) => {
      await installed(rig, asPlugin);
      await rig.exec(WISH);
      await depositedEnvelope(rig);
      await scan(rig);
      await rig.exec('Please fix the failing test.');
      await rig.quiet();

      const pluginCache = join(rig.codexHome, 'plugins', 'cache');
      const copied = filesBelow(pluginCache).map((path) => path.split(/[\\/]/).slice(3).join('/'));
      expect(copied).toEqual(filesBelow(inject('pluginRoot')));
      expect((await listHooks(rig)).map(({ trustStatus }) => trustStatus)).toEqual(['trusted', 'trusted', 'trusted']);
    });
  });
});

describe('a session', () => {
  test('that is one of our own nested ones is neither given nor asked anything', async () => {
    await withCodex(async (rig) => {
      await installTrusted(rig);
      const first = await rig.exec(WISH, { env: { CODEX_SELF_EVOLUTION_NESTED: '1' } });
      await rig.quiet();
      const homeAfterNested = existsSync(rig.home);
      await rig.exec(WISH);
      await depositedEnvelope(rig);
      await scan(rig);
      const nested = await rig.exec('Please fix it.', { env: { CODEX_SELF_EVOLUTION_NESTED: '1' } });
      const ordinary = await rig.exec('Please fix it.');

      expect(complaints(first)).toEqual([]);
      expect(homeAfterNested).toBe(false);
      expect(contextBefore(nested)).toBeUndefined();
      expect(contextBefore(ordinary)).toContain('make verify');
    });
  });

  test('that keeps no transcript is given the memory, and its review ends', async () => {
    await withCodex(async (rig) => {
      await installTrusted(rig);
      await rig.exec(WISH);
      await depositedEnvelope(rig);
      await scan(rig);
      const ephemeral = await rig.exec('Please fix the failing test.', { args: ['--ephemeral'] });

      expect(ephemeral.exitCode).toBe(0);
      expect(complaints(ephemeral)).toEqual([]);
      expect(contextBefore(ephemeral)).toContain('make verify');
      await rig.quiet();
      await scan(rig);
      await waitFor('the review queue to be empty', () => queuedReviews(rig.home).length === 0);
    });
  });

  test('that is resumed is not told twice what it was told already', async () => {
    await withCodex(async (rig) => {
      await installTrusted(rig);
      await rig.exec(WISH);
      await depositedEnvelope(rig);
      await scan(rig);
      await rig.exec('Please fix the failing test.');
      const resumed = await rig.resume('And the next one.');

      const told = conversationOf(firstRequest(resumed)).filter(
        ({ role, text }) => role === 'developer' && text.includes('make verify'),
      );
      expect(told).toHaveLength(1);
    });
  });
});

describe('a scan that a scheduler started', () => {
  test('publishes skills to the Codex that the hooks saw, which its own environment does not name', async () => {
    await withCodex(async (rig) => {
      await installTrusted(rig);
      await rig.exec('hello');
      await promote(rig, [releaseSkill], { CODEX_HOME: '' });
      const after = await rig.exec('hello again');

      expect(skillsList(firstRequest(after))).toMatch(SKILL_IN_LIST);
    });
  });
});

async function installed(rig: CodexRig, install: Install): Promise<void> {
  await install.put(rig);
  await install.trust(rig);
}

/** The one developer message between Codex's preamble and the user's prompt. */
function contextBefore(session: Session): string | undefined {
  const conversation = conversationOf(firstRequest(session));
  const prompt = conversation.findIndex(({ role }) => role === 'user');
  expect(prompt).toBeLessThanOrEqual(1);
  return conversation.slice(0, prompt).find(({ role }) => role === 'developer')?.text;
}
