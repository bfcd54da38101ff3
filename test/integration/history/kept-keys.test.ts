import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import { forget } from '../../../src/compile/forget.ts';
import { rollback } from '../../../src/compile/rollback.ts';
import { memory, note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { pythonBucket } from '../../support/python-home.ts';

const report = (): void => undefined;

/** Another program's keys at the top of every mirror that has keys. */
function addKeys(lab: TempBucket, more: Record<string, unknown>): void {
  for (const name of ['memory/memory.json', 'recall/index.json', 'skills/managed/manifest.json'])
    lab.write(name, JSON.stringify({ ...lab.readJson(name), ...more }));
}

function older(more: Record<string, unknown>): TempBucket {
  const lab = tempBucket();
  pythonBucket(lab.world.home, lab.repo, 'alpha');
  addKeys(lab, more);
  return lab;
}

const keysOf = (lab: TempBucket) =>
  ['memory/memory.json', 'recall/index.json', 'skills/manifest.json'].map((name) => {
    const { theirs, generated_by: by, zeta } = lab.readJson(name);
    return { theirs, by, zeta };
  });
const thrice = <T>(value: T): T[] => [value, value, value];

const forgetting = async (lab: TempBucket, query: string) =>
  await forget({ ...lab, report, query, scope: 'all', dryRun: false, keepHistory: false, yes: true, patienceMs: 0 });

describe('top-level keys that are not ours', () => {
  test('stay in memory.json, index.json and manifest.json through promotions, a rollback and a forget', async () => {
    const theirs = { nested: [1, { deep: true }] };
    const lab = older({ theirs, generated_by: 'codex-self-evolution 0.7', zeta: null });
    const kept = thrice({ theirs, by: 'codex-self-evolution 0.7', zeta: null });
    await lab.compile();
    expect(keysOf(lab)).toEqual(kept);
    lab.deposit('later', [memory('Use pnpm'), note('Gateway', 'The gateway needs port 8080.')]);
    await lab.compile();
    expect(keysOf(lab)).toEqual(kept);
    expect(lab.readJson('recall/index.json')['records']).toHaveLength(2);
    expect(await rollback({ ...lab, report, target: 1, dryRun: false, patienceMs: 0 })).toMatchObject({ ok: true });
    expect(keysOf(lab)).toEqual(kept);
    expect(await forgetting(lab, 'alpha note')).toMatchObject({ ok: true, value: { status: 'forgotten' } });
    expect(keysOf(lab)).toEqual(kept);
    expect(lab.readJson('recall/index.json')['records']).toEqual([]);
  });

  test('that a person adds by hand are kept, and one that is missing is no removal', async () => {
    const lab = older({ theirs: 'old' });
    await lab.compile();
    for (const name of ['recall/index.json', 'skills/manifest.json']) {
      const { theirs: _dropped, ...rest } = lab.readJson(name);
      lab.write(name, JSON.stringify({ ...rest, zeta: 'by hand' }));
    }
    await lab.compile();
    lab.deposit('later', [memory('Use pnpm'), note('Gateway', 'The gateway needs port 8080.')]);
    await lab.compile();
    const [ofMemory, ...others] = keysOf(lab);
    expect(ofMemory).toEqual({ theirs: 'old' });
    expect(others).toEqual([
      { theirs: 'old', zeta: 'by hand' },
      { theirs: 'old', zeta: 'by hand' },
    ]);
  });

  test('lose what was forgotten, in every generation', async () => {
    const says = 'The alpha service listens on its own port.';
    const lab = older({ theirs: { last: says } });
    await lab.compile();
    expect(await forgetting(lab, 'alpha note')).toMatchObject({ ok: true, value: { status: 'forgotten' } });
    const files = fs
      .readdirSync(lab.world.home, { recursive: true })
      .map((name) => path.join(lab.world.home, String(name)));
    const holding = files.filter((file) => fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').includes(says));
    expect(holding).toEqual([]);
    expect(Object.keys(keysOf(lab)[1]?.theirs ?? {})).toEqual(['last']);
  });

  test('are never taken for ours', async () => {
    const lab = older({ state: 'not ours', theirs: 1 });
    const bucket = openBucket(lab.world.home, lab.repo, lab.world.clock, lab.world.env);
    expect(bucket.layout.stateDir).toEqual(lab.bucket.layout.stateDir);
    await lab.compile();
    expect(lab.readJson('recall/index.json')['state']).toMatch(/^[0-9a-f]{16}$/);
  });
});
