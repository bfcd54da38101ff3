import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCodexHooks } from '../../src/install/trust-status.ts';
import { arm, disarm } from '../support/fault-layer.ts';
import type { Fate } from '../support/fault-layer.ts';
import { InstallLab, theirConfig, THEIR_HOOKS } from '../support/install-lab.ts';
import { imageOf, lay } from './lab.ts';

let lab: InstallLab;
beforeEach(() => {
  lab = new InstallLab();
  lab.write('hooks.json', THEIR_HOOKS);
  lab.write('config.toml', theirConfig(lab.at('hooks.json')));
});
afterEach(() => {
  disarm();
  lab.dispose();
});

type Step = () => Promise<unknown>;

/** Makes a step meet a fate at one of its calls. @returns the number of its calls */
async function meeting(step: Step, number: number, fate: Fate): Promise<number> {
  const session = arm({ root: lab.folder, fateOf: (call) => (call.number === number ? fate : { kind: 'pass' }) });
  try {
    await step();
  } catch {
    // Dead.
  }
  disarm();
  return session.calls.length;
}

const texts = (): (string | undefined)[] => [lab.read('hooks.json'), lab.read('config.toml')];
const foreign = (): string[] =>
  readCodexHooks(lab.codexHome).hooks.flatMap(({ owner, key, status }) =>
    owner === 'other' ? [`${key} ${status}`] : [],
  );

/** Every file of Codex is whole: as before or as after. */
function expectWhole(before: readonly (string | undefined)[], after: readonly (string | undefined)[]): void {
  for (const [index, text] of texts().entries()) expect([before[index], after[index]]).toContain(text);
}

const ENDINGS: Fate[] = [{ kind: 'die' }, { kind: 'tear' }, { kind: 'fail', code: 'ENOSPC' }];

describe.each(ENDINGS)('an installer that meets $kind', (fate) => {
  test('at any call leaves Codex as before or as after, and done again it completes', async () => {
    const start = imageOf(lab.folder);
    const before = texts();
    const others = foreign();
    const count = await meeting(() => lab.install(), 0, fate);
    const after = texts();
    expect(count).toBeGreaterThan(30);
    for (let number = 1; number <= count; number++) {
      lay(start);
      await meeting(() => lab.install(), number, fate);
      expectWhole(before, after);
      expect(foreign()).toEqual(others);
      await lab.install();
      expect(texts()).toEqual(after);
      expect(fs.readdirSync(lab.codexHome).toSorted()).toEqual(['config.toml', 'hooks.json']);
      await lab.uninstall();
      expect(texts()).toEqual(before);
    }
  });

  test('at any call of the removal leaves others untouched, and done again it completes', async () => {
    const before = texts();
    const others = foreign();
    await lab.install();
    const installed = imageOf(lab.folder);
    const after = texts();
    const count = await meeting(() => lab.uninstall(), 0, fate);
    expect(count).toBeGreaterThan(10);
    for (let number = 1; number <= count; number++) {
      lay(installed);
      await meeting(() => lab.uninstall(), number, fate);
      expectWhole(after, before);
      expect(foreign()).toEqual(others);
      await lab.uninstall();
      expect(texts()).toEqual(before);
      expect(fs.readdirSync(lab.codexHome).toSorted()).toEqual(['config.toml', 'hooks.json']);
      expect(fs.existsSync(`${lab.home}/app`)).toBe(false);
    }
  });
});
