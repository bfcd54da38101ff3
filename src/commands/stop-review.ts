import { defineCommand } from 'citty';
import { reviewPayload } from '../capture/review-payload.ts';
import type { PayloadReview } from '../capture/review-payload.ts';
import { counted } from '../kernel/counted.ts';
import { fromStdinFlag, homeFlag, jsonFlag, stateDirFlag } from './arguments.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printFailure, printResult } from './output.ts';
import { workingFolder } from './working-folder.ts';

/** `stop-review --hook-payload FILE`. */
export const stopReviewCommand = defineCommand({
  meta: {
    name: 'stop-review',
    description: 'Review one stopped turn from a payload file, now (example: stop-review --hook-payload stop.json)',
  },
  args: {
    'hook-payload': { type: 'string', description: 'Stop payload file (default: CODEX_HOOK_PAYLOAD)' },
    ...fromStdinFlag,
    ...stateDirFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    const file = args['hook-payload'] || world.env['CODEX_HOOK_PAYLOAD'];
    if (!file) return printFailure({ reason: 'usage', detail: 'stop-review needs --hook-payload FILE' });
    const stateDir = args['state-dir'] || world.env['CODEX_STATE_DIR'];
    await runCommand(
      world,
      () => reviewPayload(world, { file, stateDir, cwd: workingFolder(undefined, world) }),
      (review) => printResult(review, () => textOf(review), args),
    );
  },
});

function textOf(review: PayloadReview): string {
  const lines = [`${counted(review.suggestion_count, 'suggestion')} by ${review.reviewer_provider}`];
  if (review.pending_suggestion_path) lines.push(`waiting in ${review.pending_suggestion_path}`);
  if (review.skipped_suggestion_count > 0) lines.push(`${review.skipped_suggestion_count} left out:`);
  for (const { family, reason } of review.skipped_suggestions) lines.push(`  ${family}: ${reason}`);
  return [...lines, `shown to the reviewer: ${review.review_snapshot_path}`].join('\n');
}
