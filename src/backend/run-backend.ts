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
  report({ type: 'fell-back', from: backend.name, to: fallback.name, reason: discarded.detail ?? discarded.reason });
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

/** The documented reasons of a fallback. */
function whyNot(failure: Failure): DiscardedItem {
  const detail = redactBuiltin(detailOf(failure)).slice(0, 400);
  switch (failure.reason) {
    case 'agent-unavailable':
    case 'not-configured':
      return { reason: 'opencode_unavailable', detail };
    case 'answer-rejected':
    case 'answer-unparsable':
      return { reason: 'agent_output_invalid', detail };
    default:
      return { reason: 'agent_invoke_failed', detail };
  }
}

function detailOf(failure: Failure): string {
  if (failure.reason === 'answer-rejected') return `${failure.rule}: ${failure.detail}`;
  return 'detail' in failure ? failure.detail : failure.reason;
}
