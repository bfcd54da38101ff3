import type { Report } from '../contracts/event.ts';
import type { Failure, Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { DiscardedItem } from '../contracts/receipt.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import type { Backend, CompileAnswer, CompileTask } from './backend.ts';

export interface BackendChoice {
  backend: Backend;
  fallback: Backend | null;
  /** The rules that every answer must keep. */
  check: (answer: CompileAnswer, task: CompileTask) => Result<CompileAnswer>;
  report: Report;
}

export interface BackendRun {
  answer: CompileAnswer;
  /** Set when the chosen backend failed and another one did the work. */
  fallback: { backend: string; discarded: DiscardedItem } | null;
}

/** Asks the chosen backend; when it fails, or its answer breaks a rule, the fallback (if any). */
export async function runBackend(
  choice: BackendChoice,
  task: CompileTask,
  signal: AbortSignal,
): Promise<Result<BackendRun>> {
  const { backend, fallback, check, report } = choice;
  const first = await checked(backend, { task, check, signal });
  if (first.ok) return succeed({ answer: first.value, fallback: null });
  if (!fallback || fallback.name === backend.name || signal.aborted) return first;
  const discarded = whyNot(first.failure);
  report({
    type: 'fell-back',
    from: backend.name,
    to: fallback.name,
    reason: discarded.detail ?? discarded.reason,
    ...(first.failure.reason === 'budget-used-up' ? { overBudget: true } : {}),
  });
  const second = await checked(fallback, { task, check, signal });
  return second.ok ? succeed({ answer: second.value, fallback: { backend: fallback.name, discarded } }) : second;
}

interface Checked {
  task: CompileTask;
  check: BackendChoice['check'];
  signal: AbortSignal;
}

async function checked(backend: Backend, { task, check, signal }: Checked): Promise<Result<CompileAnswer>> {
  const answer = await backend.compile(task, signal);
  return answer.ok ? check(answer.value, task) : answer;
}

/** The documented reasons of a fallback. The first covers every agent that could not be asked at all. */
function whyNot(failure: Failure): DiscardedItem {
  const detail = redactBuiltin(detailOf(failure)).replaceAll(/\s+/g, ' ').trim().slice(0, MAX_DETAIL);
  switch (failure.reason) {
    case 'agent-unavailable':
    case 'not-configured':
    case 'budget-used-up':
      return { reason: 'opencode_unavailable', detail };
    case 'answer-rejected':
    case 'answer-unparsable':
      return { reason: 'agent_output_invalid', detail };
    default:
      return { reason: 'agent_invoke_failed', detail };
  }
}

const MAX_DETAIL = 400;

function detailOf(failure: Failure): string {
  switch (failure.reason) {
    case 'answer-rejected':
      return `${failure.rule}: ${failure.detail}`;
    case 'not-configured':
      return `${failure.what} is not configured: ${failure.fix}`;
    case 'budget-used-up':
      return `the daily budget is used up; ${failure.what} was not asked`;
    case 'agent-unavailable':
    case 'agent-failed':
      return `${failure.agent}: ${failure.detail}`;
    case 'model-refused':
      return `${failure.provider} refused with status ${failure.status}: ${failure.detail}`;
    case 'model-unreachable':
      return `${failure.provider} cannot be reached: ${failure.detail}`;
    case 'model-timed-out':
      return `${failure.provider} gave no answer within ${failure.afterMs} ms`;
    default:
      return 'detail' in failure ? failure.detail : failure.reason;
  }
}
