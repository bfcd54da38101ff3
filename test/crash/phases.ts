import path from 'node:path';
import type { Call } from '../support/fault-layer.ts';

/** Which part of the story a call belongs to: by the function that made it, and for the lock by what it touches. */
const PHASES: readonly (readonly [phase: string, functions: RegExp])[] = [
  ['forget', /\bat (?:async )?(?:purge|purgeHome|afterCommit|beforeCommit|writeOrder|removeOrder|finishForgetting)\b/],
  ['settle', /\bat (?:async )?(?:settle|settleOne|settleApplied)\b/],
  ['give back', /\bat (?:async )?(?:giveBack|giveBackCrashed|reopenUnapplied)\b/],
  ['claim', /\bat (?:async )?claim\b/],
  ['stage', /\bat (?:async )?stageGeneration\b/],
  ['commit', /\bat (?:async )?promote\b/],
  ['publish', /\bat (?:async )?publishSkills\b/],
  ['mirror', /\bat (?:async )?(?:writeMirrors|noteMirror|showGeneration|refreshMirrors|adoptEdits|judgeTrash)\b/],
  ['recover', /\bat (?:async )?recover\b/],
  ['receipt', /\bat (?:async )?(?:finish|promoteOnce)\b/],
  ['deposit', /\bat (?:async )?deposit\b/],
  ['outbox', /\bat (?:async )?saveRecord\b/],
  ['snapshot', /\bat (?:async )?prepareReview\b/],
  ['bucket', /\bat (?:async )?openBucket(?:At)?\b/],
  ['queue', /\bat (?:async )?enqueueStop\b/],
  ['lease', /\bat (?:async )?(?:takeLease|slotIsFree)\b/],
  ['worker', /\bat (?:async )?(?:reviewSession|syncStops|removeStops)\b/],
  ['review', /\bat (?:async )?(?:writeProposal|writeDecision|sweepProposals|settleWaiting)\b/],
  ['migrate', /\bat (?:async )?(?:mergeBucket|moveWork|moveFiles)\b/],
  ['lock', /\bat (?:async )?acquireLock\b/],
  ['scan', /\bat (?:async )?scanBuckets\b|at Object\.save\b/],
];

export function phaseOf(call: Call): string {
  const below = call.path.split(path.sep);
  if (below.includes('workers')) return 'lease';
  if (below.some((part) => part.startsWith('compile.lock'))) return 'lock';
  if (below.includes('logs')) return 'log';
  const { stack = '' } = call;
  return PHASES.find(([, functions]) => functions.test(stack))?.[0] ?? 'other';
}
