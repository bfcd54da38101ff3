import path from 'node:path';
import type { Failure } from '../contracts/failure.ts';
import { compactTimestamp, timestamp } from '../kernel/clock.ts';
import { safeName } from '../kernel/digest.ts';
import { listNames } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { redact } from '../safety/redact.ts';

/** Enough to see what a model does wrong; more would be a second log. */
const MOST_KEPT = 50;
const LONGEST_RAW = 100_000;

/** Keeps a reviewer's unusable answer in review/failed/, redacted; the oldest of too many go. */
export function keepFailedAnswer(
  world: World,
  layout: BucketLayout,
  failed: { session: string; failure: Failure },
): void {
  const { session, failure } = failed;
  if (failure.reason !== 'answer-unparsable') return;
  makeFolder(layout.failedReviews);
  const stem = `${compactTimestamp(world.clock)}-${safeName(session).slice(0, 100)}`;
  const kept = {
    at: timestamp(world.clock),
    session_id: session,
    reason: redact(failure.detail),
    // Twice as much is looked at as is kept: a secret that the first cut halves lies behind the second.
    raw: redact(failure.raw.slice(0, 2 * LONGEST_RAW)).slice(0, LONGEST_RAW),
  };
  keepUnder(path.join(layout.failedReviews, stem), renderJson(kept));
  const names = listNames(layout.failedReviews).filter((entry) => /^\d{8}T\d{6}-.*\.json$/.test(entry));
  for (const old of names.slice(0, Math.max(0, names.length - MOST_KEPT)))
    removeFile(path.join(layout.failedReviews, old));
}

/** A second answer of the same second gets a number: what was kept is not replaced. */
function keepUnder(stem: string, content: string): void {
  for (let count = 1; count <= MOST_KEPT; count++) {
    const file = `${stem}${count === 1 ? '' : `-${count}`}.json`;
    if (writeDurably(file, content, { exclusive: true, sync: false })) return;
  }
}
