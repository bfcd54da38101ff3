import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reviewPayload } from '../../../src/capture/review-payload.ts';
import { Rig } from '../capture/support/rig.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

test('the example of a payload file teaches something, asks no model, and finds its transcript from the root of a clone', async () => {
  const rig = new Rig();
  fs.cpSync(path.join(REPOSITORY, 'examples'), path.join(rig.cwd, 'examples'), { recursive: true });
  const review = await reviewPayload(rig.world, { file: path.join(rig.cwd, 'examples', 'stop.json'), cwd: rig.cwd });

  expect(review).toMatchObject({ ok: true, value: { reviewer_provider: 'heuristic', skipped_suggestion_count: 0 } });
  expect(review.ok && review.value.suggestion_families).toMatchObject({ recall_candidate: 1, skill_action: 1 });
});
