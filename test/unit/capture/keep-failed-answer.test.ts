import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keepFailedAnswer } from '../../../src/capture/keep-failed-answer.ts';
import { bucketLayout } from '../../../src/kernel/home.ts';
import type { World } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const worldAt = (home: string): World => ({
  home,
  env: {},
  clock: { now: () => new Date('2026-11-20T12:00:00Z') },
  diagnostics: { log: () => undefined },
});

const unparsable = (raw: string) => ({ reason: 'answer-unparsable', detail: 'no JSON', raw }) as const;

test('two unusable answers of one session within a second are both kept', () => {
  const folder = tempFolder();
  const layout = bucketLayout(folder);
  for (const raw of ['the first', 'the second', 'the third'])
    keepFailedAnswer(worldAt(folder), layout, { session: 's', failure: unparsable(raw) });
  const kept: string[] = fs
    .readdirSync(layout.failedReviews)
    .map((name) => JSON.parse(fs.readFileSync(path.join(layout.failedReviews, name), 'utf8')).raw);
  expect(kept.toSorted()).toEqual(['the first', 'the second', 'the third']);
});

test('of too many kept answers the oldest go', () => {
  const folder = tempFolder();
  const layout = bucketLayout(folder);
  fs.mkdirSync(layout.failedReviews, { recursive: true });
  for (let day = 1; day <= 60; day++)
    fs.writeFileSync(path.join(layout.failedReviews, `2026${String(1000 + day)}T000000-s.json`), '{}');
  keepFailedAnswer(worldAt(folder), layout, { session: 's', failure: unparsable('new') });
  expect(fs.readdirSync(layout.failedReviews)).toHaveLength(50);
  expect(fs.readdirSync(layout.failedReviews)).toContain('20261120T120000-s.json');
});
