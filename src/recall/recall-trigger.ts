import type { Failure } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';
import { RECALL_POLICY, RECALL_SKILL_ID, recallSkillContent } from './recall-contract.ts';
import type { RecallStatus } from './recall-text.ts';
import { focusedRecall } from './recall-text.ts';
import type { RecallAnswer, RecallQuestion } from './recall.ts';
import { recall } from './recall.ts';
import { triggerReasons } from './trigger-policy.ts';

/** A recall that is made only when there is a reason for it (FORMATS, Recall). */
export interface TriggeredRecall extends RecallAnswer {
  triggered: boolean;
  reasons: string[];
  policy: string;
  skill_id: string;
  skill_content: string;
  /** The same as Markdown, for the model. */
  focused_recall: string;
}

export interface TriggerQuestion extends RecallQuestion {
  explicit: boolean;
  /** Absolute path of csep.js. */
  program: string;
}

/** A disk that refuses is told to the model in its own form, and to the caller as a failure beside it. */
export async function recallTrigger(
  world: World,
  question: TriggerQuestion,
): Promise<{ answer: TriggeredRecall; failure: Failure | undefined }> {
  const reasons = triggerReasons(question.query, question.explicit);
  const triggered = reasons.length > 0;
  const nothing: RecallAnswer = { query: question.query, cwd: question.cwd, count: 0, results: [] };
  const recalled = triggered
    ? await attemptAsync(async () => succeed(await recall(world, question)))
    : succeed(nothing);
  const found = recalled.ok ? recalled.value : nothing;
  const status = recalled.ok ? statusOf(triggered, found) : 'error';
  return {
    answer: {
      ...found,
      triggered,
      reasons,
      policy: RECALL_POLICY,
      skill_id: RECALL_SKILL_ID,
      skill_content: recallSkillContent(question.program),
      focused_recall: focusedRecall(status, found),
    },
    failure: recalled.ok ? undefined : recalled.failure,
  };
}

function statusOf(triggered: boolean, found: RecallAnswer): RecallStatus {
  if (!triggered) return 'not_triggered';
  return found.count > 0 ? 'matched' : 'no_match';
}
