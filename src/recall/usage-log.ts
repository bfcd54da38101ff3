import { isoSeconds } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { lookAt } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { appendLine, moveFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';

/** Two files of this size hold some ten thousand uses. */
const ROTATE_BYTES = 500_000;

export interface RecallUse {
  by: 'recall' | 'recall-trigger' | 'prompt-recall' | 'show';
  /** Records that were given; none: asked in vain. */
  ids: readonly string[];
  session?: string;
}

/**
 * Notes in usage.jsonl which records were used: ids, never words. Best effort: Codex's sandbox may
 * forbid it, and a recall is worth more than its statistics.
 */
export function noteUse(world: World, layout: Pick<BucketLayout, 'usage'>, use: RecallUse): void {
  attempt(() => {
    if ((lookAt(layout.usage)?.size ?? 0) > ROTATE_BYTES) moveFile(layout.usage, `${layout.usage}.1`);
    appendLine(layout.usage, JSON.stringify({ at: isoSeconds(world.clock.now()), ...use }));
  });
}
