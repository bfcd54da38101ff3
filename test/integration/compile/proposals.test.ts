import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKnowledge } from '../../../src/assets/read-memory.ts';
import type { Backend } from '../../../src/backend/backend.ts';
import { mergeBatch } from '../../../src/backend/script.ts';
import { compileUntilEmpty } from '../../../src/compile/compile-until-empty.ts';
import { hasWork } from '../../../src/compile/has-work.ts';
import { decideWaiting, editWaiting } from '../../../src/compile/proposals-decide.ts';
import type { DecideOutcome, DecideRequest } from '../../../src/compile/proposals-decide.ts';
import { findTargets, listReview } from '../../../src/compile/proposals-list.ts';
import type { ReviewList } from '../../../src/compile/proposals-list.ts';
import { listProposals, writeDecision } from '../../../src/compile/proposals.ts';
import { forget } from '../../../src/compile/forget.ts';
import { rollback } from '../../../src/compile/rollback.ts';
import { succeed } from '../../../src/contracts/failure.ts';
import { recall } from '../../../src/recall/recall.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { anEnvelope } from '../../support/temp-bucket.ts';

const report = (): void => undefined;

async function propose(lab: TempBucket, backend: Backend = scriptBackend): Promise<void> {
  const options = { backend, fallback: null, batchSize: 100, mode: 'review' as const, report };
  const compiled = await compileUntilEmpty(lab.world, lab.bucket, options);
  expect(compiled).toMatchObject({ ok: true });
}

function list(lab: TempBucket): ReviewList {
  const listed = listReview(lab.world, lab.bucket);
  if (!listed.ok) throw new Error(JSON.stringify(listed.failure));
  return listed.value;
}

async function decide(
  lab: TempBucket,
  names: string | readonly string[],
  decision: DecideRequest['decision'],
  more: Partial<DecideRequest> = {},
): Promise<DecideOutcome> {
  const targets = [names].flat().flatMap((name) => {
    const found = findTargets(list(lab), name);
    if (!found.ok) throw new Error(JSON.stringify(found.failure));
    return found.value;
  });
  const decided = await decideWaiting({ ...lab, report, patienceMs: 0 }, { targets, decision, ...more });
  if (!decided.ok) throw new Error(JSON.stringify(decided.failure));
  return decided.value;
}

const known = (lab: TempBucket): string[] => {
  const { user, global } = readKnowledge(lab.bucket.layout).memory;
  return [...user, ...global].map((record) => record.content).toSorted();
};

/** Counts how often it is asked, and merges with words of its own. */
function agent(): Backend & { asked: number } {
  const self = {
    name: 'agent:test',
    asked: 0,
    compile: async (task: Parameters<Backend['compile']>[0]) => {
      self.asked++;
      const answer = mergeBatch(task);
      const global = answer.memory.global.map((record) => ({ ...record, source_paths: ['said/by/the/agent'] }));
      return succeed({ ...answer, memory: { ...answer.memory, global }, tokens: { input: 7, output: 3 } });
    },
  };
  return self;
}

describe('a compile in review mode', () => {
  test('promotes nothing, plans once, and is not asked again for what waits', async () => {
    const lab = tempBucket();
    const backend = agent();
    lab.deposit('e1', [
      memory('Use pnpm', 'The package manager is pnpm.'),
      note('Gateway', 'The gateway needs port 8080.'),
    ]);
    lab.deposit('e2', [skill('release-it')]);
    await propose(lab, backend);
    await propose(lab, backend);
    expect(backend.asked).toEqual(1);
    expect(lab.list('generations')).toEqual([]);
    expect(lab.list('suggestions/pending')).toEqual(['e1.json', 'e2.json']);
    expect(hasWork(lab.bucket.layout)).toEqual(false);
    expect(list(lab).proposals).toMatchObject([
      {
        from: null,
        stale: false,
        envelopes: ['e1', 'e2'],
        changes: { memory: [{ change: 'added', name: 'Use pnpm' }] },
      },
    ]);
    expect(list(lab).suggestions.map(({ id, would }) => [id, would?.outcome])).toEqual([
      ['e1#0', 'added'],
      ['e1#1', 'added'],
      ['e2#0', 'added'],
    ]);
  });

  test('shows nothing of it to a session or to recall', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [
      memory('Use pnpm', 'The package manager is pnpm.'),
      note('Gateway', 'The gateway needs port 8080.'),
    ]);
    await propose(lab);
    expect(readKnowledge(lab.bucket.layout)).toMatchObject({ memory: { user: [], global: [] }, skills: [] });
    const found = await recall(lab.world, { cwd: lab.repo, query: 'gateway port 8080 pnpm', topK: 5, scope: 'all' });
    expect(found.results).toEqual([]);
  });

  test('takes hand edits over without a yes, and plans what waits afterwards', async () => {
    const lab = tempBucket();
    lab.deposit('e0', [memory('Use make', 'Run make verify.')]);
    await lab.compile();
    fs.appendFileSync(lab.bucket.layout.memoryMd, '\n## By hand\n\nRelease notes are written by hand.\n');
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab);
    expect(known(lab)).toEqual(['Release notes are written by hand.', 'Run make verify.']);
    expect(list(lab).proposals).toMatchObject([{ from: 2, envelopes: ['e1'] }]);
  });

  test('plans envelopes that come later by themselves', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab);
    lab.deposit('e2', [memory('Use make', 'Run make verify.')]);
    expect(hasWork(lab.bucket.layout)).toEqual(true);
    await propose(lab);
    expect(list(lab).proposals.map(({ envelopes }) => envelopes)).toEqual([['e1'], ['e2']]);
  });
});

describe('a yes', () => {
  test('promotes what an agent planned, word for word, without asking it again', async () => {
    const lab = tempBucket();
    const backend = agent();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab, backend);
    expect(await decide(lab, 'e1', 'accepted')).toMatchObject({ status: 'promoted', generation: 1 });
    expect(backend.asked).toEqual(1);
    expect(lab.readJson('memory/memory.json')['global']).toMatchObject([{ source_paths: ['said/by/the/agent'] }]);
    expect(lab.readJson('compiler/last_receipt.json')).toMatchObject({
      backend: 'agent:test',
      envelopes: ['e1'],
      tokens: { input: 7, output: 3 },
      item_receipts: [{ suggestion_id: 'e1', index: 0, outcome: 'added', state: 'done' }],
    });
    expect(lab.list('suggestions/done')).toEqual(['e1.json']);
    expect(lab.list('proposals')).toEqual([]);
  });

  test('to one of several suggestions is noted, and promotes when the last one is decided', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.'), memory('Use make', 'Run make verify.')]);
    await propose(lab);
    expect(await decide(lab, 'e1#0', 'accepted')).toMatchObject({ status: 'noted', open: [{ id: 'e1', index: 1 }] });
    expect(known(lab)).toEqual([]);
    await propose(lab);
    expect(await decide(lab, 'e1#1', 'rejected')).toMatchObject({ status: 'promoted', open: [] });
    expect(known(lab)).toEqual(['The package manager is pnpm.']);
    expect(lab.readJson('compiler/last_receipt.json')['item_receipts']).toMatchObject([
      { index: 0, outcome: 'added' },
      { index: 1, family: 'memory_updates', outcome: 'discarded', reason: 'rejected_by_user', state: 'done' },
    ]);
  });

  test('to an older plan that would now do something else shows that first, and does it the second time', async () => {
    const lab = tempBucket();
    lab.deposit('e0', [memory('Deploy day', 'Deploy on Tuesdays.')]);
    await lab.compile();
    const action = { action: 'replace', old_summary: 'Deploy day' };
    lab.deposit('e1', [memory('Deploy day', 'Deploy on Thursdays.', action)]);
    await propose(lab);
    lab.deposit('e2', [memory('Deploy day', 'Deploy on Mondays.', action)]);
    await decide(lab, 'e2', 'accepted');
    expect(await decide(lab, 'e1', 'accepted')).toMatchObject({
      status: 'differs',
      changes: { memory: [{ change: 'changed', before: 'Deploy on Mondays.', after: 'Deploy on Thursdays.' }] },
    });
    expect(known(lab)).toEqual(['Deploy on Mondays.']);
    expect(await decide(lab, 'e1', 'accepted')).toMatchObject({ status: 'promoted', generation: 3 });
    expect(known(lab)).toEqual(['Deploy on Thursdays.']);
  });

  test('to an older plan that still does the same is done at once', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    lab.deposit('e2', [memory('Use make', 'Run make verify.')]);
    await propose(lab);
    await decide(lab, 'e1', 'accepted');
    expect(list(lab).proposals).toMatchObject([{ stale: true }]);
    expect(await decide(lab, 'e2', 'accepted')).toMatchObject({ status: 'promoted', generation: 2 });
    expect(known(lab)).toEqual(['Run make verify.', 'The package manager is pnpm.']);
    expect(lab.list('proposals')).toEqual([]);
  });

  test('works in mode auto on what is pending right now, and twice does nothing', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    lab.deposit('e2', [memory('Use make', 'Run make verify.')]);
    const targets = [{ id: 'e1', index: 0 }];
    expect(await decide(lab, 'e1#0', 'accepted')).toMatchObject({ status: 'promoted', generation: 1 });
    const again = await decideWaiting({ ...lab, report, patienceMs: 0 }, { targets, decision: 'accepted' });
    expect(again).toMatchObject({ ok: true, value: { status: 'nothing_waits' } });
    await lab.compile();
    expect(known(lab)).toEqual(['Run make verify.', 'The package manager is pnpm.']);
  });

  test('whose promotion died is finished by the next compile', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab);
    const at = '2026-11-20T10:00:00Z';
    const { suggestion_id: id } = anEnvelope('e1', []);
    writeDecision(lab.bucket.layout, { schema_version: 1, suggestion_id: id, index: 0, decision: 'accepted', at });
    expect(hasWork(lab.bucket.layout)).toEqual(true);
    await propose(lab);
    expect(known(lab)).toEqual(['The package manager is pnpm.']);
    expect(lab.list('proposals')).toEqual([]);
    expect(hasWork(lab.bucket.layout)).toEqual(false);
  });
});

describe('a no', () => {
  test('ends in the receipt, and neither the envelope nor its text comes back', async () => {
    const lab = tempBucket();
    lab.deposit('e0', [memory('Use make', 'Run make verify.')]);
    await lab.compile();
    const says = 'The package manager of this repository is yarn classic.';
    lab.deposit('e1', [memory('Use yarn', says)]);
    await propose(lab);
    expect(await decide(lab, 'e1', 'rejected')).toMatchObject({ status: 'promoted', generation: 2 });
    expect(lab.readJson('compiler/last_receipt.json')).toMatchObject({
      item_receipts: [{ outcome: 'discarded', reason: 'rejected_by_user', state: 'discarded' }],
      discarded_items: [{ reason: 'rejected_by_user', suggestion_id: 'e1' }],
    });
    expect(lab.list('suggestions/discarded')).toEqual(['e1.json']);
    lab.deposit('e1', [memory('Use yarn', says)]);
    lab.deposit('e2', [memory('Yarn again', says), memory('Use vitest', 'Tests run under vitest.')]);
    await lab.compile();
    expect(known(lab)).toEqual(['Run make verify.', 'Tests run under vitest.']);
    expect(lab.readJson('compiler/last_receipt.json')['item_receipts']).toMatchObject([
      { outcome: 'discarded', reason: 'tombstoned' },
      { outcome: 'added' },
    ]);
  });

  test('for this once lets the text be suggested again', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await decide(lab, 'e1', 'rejected', { once: true });
    lab.deposit('e2', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await lab.compile();
    expect(known(lab)).toEqual(['The package manager is pnpm.']);
  });

  test('to what is known already takes nothing away, now or at a rollback', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await lab.compile();
    lab.deposit('e2', [memory('Use pnpm, please', 'The package manager is pnpm.')]);
    await decide(lab, 'e2', 'rejected');
    expect(known(lab)).toEqual(['The package manager is pnpm.']);
    lab.deposit('e3', [memory('Use make', 'Run make verify.')]);
    await lab.compile();
    expect(await rollback({ ...lab, report, target: 1, dryRun: false, patienceMs: 0 })).toMatchObject({ ok: true });
    expect(known(lab)).toEqual(['The package manager is pnpm.']);
  });
});

describe('an edit', () => {
  test('changes what a yes promotes, counts as written by hand, and holds no secret', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.'), skill('release-it')]);
    await propose(lab);
    const work = { ...lab, report, patienceMs: 0 };
    expect(editWaiting(work, { id: 'e1', index: 0 }, { content: 'pnpm 10; password=hunter2hunter2' })).toEqual(true);
    expect(editWaiting(work, { id: 'e1', index: 0 }, { summary: 'Use pnpm 10' })).toEqual(true);
    expect(
      editWaiting(
        work,
        { id: 'e1', index: 1 },
        { summary: 'How to release', content: 'Run make release first.\nThen tag it and push the tag.' },
      ),
    ).toEqual(true);
    expect(editWaiting(work, { id: 'e1', index: 7 }, { content: 'x' })).toEqual(false);
    expect(list(lab).suggestions[0]).toMatchObject({ summary: 'Use pnpm 10', edited: true, decision: null });
    await decide(lab, 'e1', 'accepted');
    const [record] = readKnowledge(lab.bucket.layout).memory.global;
    expect(record).toMatchObject({ summary: 'Use pnpm 10', provenance: [{ suggestion_id: 'e1', basis: 'hand-edit' }] });
    expect(record?.content).toMatch(/^pnpm 10; password=\[redacted/);
    expect(readKnowledge(lab.bucket.layout).skills).toMatchObject([
      { title: 'How to release', content: expect.stringContaining('make release first') },
    ]);
  });
});

describe('what waits', () => {
  test('is forgotten like everything else, plan included', async () => {
    const lab = tempBucket();
    const says = 'The staging password is correct horse battery.';
    lab.deposit('e0', [memory('Use make', 'Run make verify.')]);
    await lab.compile();
    lab.deposit('e1', [memory('Staging', says), memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab, agent());
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false, patienceMs: 0 };
    const forgotten = await forget({ ...lab, report, query: 'Staging', ...flags });
    expect(forgotten).toMatchObject({ ok: true, value: { status: 'forgotten' } });
    const files = fs
      .readdirSync(lab.world.home, { recursive: true })
      .map((name) => path.join(lab.world.home, String(name)));
    const holding = files.filter(
      (file) => fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').includes('battery'),
    );
    expect(holding).toEqual([]);
    expect(list(lab).suggestions.map(({ id }) => id)).toEqual(['e1#1']);
    const first = await decide(lab, 'e1#1', 'accepted');
    if (first.status === 'differs') await decide(lab, 'e1#1', 'accepted');
    expect(known(lab)).toEqual(['Run make verify.', 'The package manager is pnpm.']);
  });

  test('is forgotten in an edit, too, and what is left of that is never promoted', async () => {
    const lab = tempBucket();
    const says = 'The staging password is correct horse battery.';
    lab.deposit('e0', [memory('Staging', says), memory('Use make', 'Run make verify.')]);
    await lab.compile();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    editWaiting({ ...lab, report }, { id: 'e1', index: 0 }, { content: `pnpm it is. ${says}` });
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false, patienceMs: 0 };
    expect(await forget({ ...lab, report, query: 'Staging', ...flags })).toMatchObject({ ok: true });
    await decide(lab, 'e1', 'accepted');
    expect(known(lab)).toEqual(['Run make verify.']);
  });

  test('is found by the beginning of its name, if that is no other’s', async () => {
    const lab = tempBucket();
    lab.deposit('abc1', [memory('One', 'The first fact.'), memory('Two', 'The second fact.')]);
    lab.deposit('abd2', [memory('Three', 'The third fact.')]);
    const listed = list(lab);
    expect(findTargets(listed, 'abc')).toMatchObject({ value: [{ index: 0 }, { index: 1 }] });
    expect(findTargets(listed, 'abc#1')).toMatchObject({ value: [{ id: 'abc1', index: 1 }] });
    expect(findTargets(listed, 'ab')).toMatchObject({ failure: { reason: 'usage' } });
    expect(findTargets(listed, 'abc#5')).toMatchObject({ failure: { reason: 'usage' } });
    expect(findTargets(listed, 'xyz')).toMatchObject({ failure: { reason: 'usage' } });
  });

  test('of a newer version or damaged holds nothing and stops nobody', async () => {
    const lab = tempBucket();
    lab.write('proposals/new/proposal.json', JSON.stringify({ schema_version: 2, envelopes: ['e1'] }));
    lab.write('proposals/torn/proposal.json', '{"schema_ver');
    lab.write('proposals/empty/other', '');
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    await propose(lab);
    expect(listProposals(lab.bucket.layout)).toMatchObject([{ envelopes: ['e1'] }]);
    expect(lab.list('proposals')).toHaveLength(2);
    expect(lab.list('proposals')).toContain('new');
  });
});
