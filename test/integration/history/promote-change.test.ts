import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { forget } from '../../../src/compile/forget.ts';
import { openKnowledge } from '../../../src/compile/open-knowledge.ts';
import { promoteChange } from '../../../src/compile/promote-change.ts';
import { succeed } from '../../../src/contracts/failure.ts';
import { memory, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { outcomeOf, slowBackend } from './slow-backend.ts';

const silent = (): void => undefined;

/** As a run leaves it that promotes a number of the past: what comes after it is what the present one holds. */
function promoteOver({ bucket }: TempBucket, from: number, number: number): void {
  const at = (generation: number): string => path.join(bucket.layout.generations, String(generation));
  fs.cpSync(at(from), at(number), { recursive: true });
  const file = path.join(at(number), 'generation.json');
  fs.chmodSync(file, 0o600);
  const facts = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...facts, generation: number, from: number - 1 }));
}

function summariesOf({ bucket }: TempBucket): string[] {
  const knowledge = openKnowledge(bucket.layout);
  if (!knowledge.ok) throw new Error(knowledge.failure.reason);
  return knowledge.value.memory.global.map((record) => record.summary);
}

describe('a change that holds no envelope', () => {
  test('is made again on top of what came first when retention has freed its number', async () => {
    const bucket = tempBucket();
    for (const name of ['One', 'Two', 'Three']) {
      bucket.deposit(name, [memory(`Rule ${name}`, `The rule ${name} holds in the folder ${name}.`)]);
      await bucket.compile();
    }
    let rounds = 0;
    const changed = await promoteChange({
      world: bucket.world,
      bucket: bucket.bucket,
      report: silent,
      cause: 'forget',
      editsFirst: false,
      decide: (knowledge) => succeed({ ...knowledge, memory: { ...knowledge.memory, global: [] } }),
      beforeCommit: () => {
        // 4 and 5 were promoted meanwhile, and 4 is gone again.
        if (rounds++ === 0) promoteOver(bucket, 3, 5);
      },
    });
    expect(changed).toMatchObject({ ok: true, value: { generation: 6, from: 5 } });
    expect(rounds).toEqual(2);
    expect(summariesOf(bucket)).toEqual([]);
    expect(bucket.list('generations')).toEqual(['1', '2', '3', '5', '6']);
  });
});

describe('a managed skill whose file is not there', () => {
  test('for the moment in which another run replaces it is not retired by a forget that does not wait', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [skill('release-it'), memory('Gateway secret', 'The gateway opens with a green key.')]);
    await bucket.compile();
    bucket.deposit('b2', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    const { backend, asked, answer } = slowBackend();
    const compiling = outcomeOf(bucket.compile({ backend }));
    await asked;
    // The holder has committed, and is between putting the old file aside and laying the new one.
    bucket.write('mirrors.json', JSON.stringify({ ...bucket.readJson('mirrors.json'), generation: 1 }));
    const mirror = path.join(bucket.bucket.layout.managedSkills, 'release-it.md');
    fs.renameSync(mirror, path.join(bucket.bucket.layout.trash, 'aside'));
    const task = { world: bucket.world, bucket: bucket.bucket, report: silent, query: 'gateway secret', patienceMs: 0 };
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false };
    expect(await forget({ ...task, ...flags })).toMatchObject({ ok: true, value: { status: 'forgotten' } });
    answer();
    expect(await compiling).toContain('race-lost');
    expect(bucket.readJson('skills/manifest.json')['skills']).toMatchObject([{ status: 'active' }]);
    expect(fs.existsSync(mirror)).toEqual(true);
  });

  test('as a run without the lock has it aside is not retired by the next compile', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [skill('release-it')]);
    await bucket.compile();
    const mirror = path.join(bucket.bucket.layout.managedSkills, 'release-it.md');
    fs.mkdirSync(bucket.bucket.layout.trash, { recursive: true });
    fs.renameSync(mirror, path.join(bucket.bucket.layout.trash, 'mirror-1.skills~managed~release-it.md'));
    bucket.deposit('b2', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    expect(bucket.readJson('skills/manifest.json')['skills']).toMatchObject([{ status: 'active' }]);
    expect(fs.existsSync(mirror)).toEqual(true);
  });
});
