import type { Failure } from '../contracts/failure.ts';
import { redact } from '../safety/redact.ts';

const LONGEST = 400;

/**
 * A failure in one line, for last_error, the log and `scan`: what happened, and what to do about it where
 * that is known. What became of the turns those places say themselves. Redacted, at most 400 characters.
 */
export const causeText = (failure: Failure): string => redact(words(failure)).slice(0, LONGEST);

/** Whether the cause that a record keeps was an answer that nobody could read, and not a model that nobody could reach. */
export const wasUnreadable = (lastError: string | null): boolean =>
  /^answer-(?:unparsable|rejected): /.test(lastError ?? '');

function words(failure: Failure): string {
  switch (failure.reason) {
    case 'not-configured':
      return failure.fix;
    case 'model-refused':
      return `${failure.provider} refused with status ${failure.status}: ${failure.detail}`;
    case 'model-unreachable':
      return `${failure.provider} cannot be reached: ${failure.detail}`;
    case 'model-timed-out':
      return `${failure.provider} gave no answer within ${failure.afterMs} ms`;
    case 'agent-unavailable':
      return `${failure.agent} is not available: ${failure.detail}`;
    case 'agent-failed':
      return `${failure.agent} failed: ${failure.detail}`;
    case 'answer-rejected':
      return `${failure.reason}: ${failure.rule}: ${failure.detail}`;
    case 'budget-used-up':
      return `the daily budget is used up; ${failure.what} was not asked`;
    case 'aborted':
      return `${failure.what} was stopped before it was done`;
    default:
      return `${failure.reason}: ${factOf(failure)}`;
  }
}

/** The one fact that says most about a file or a lock. */
function factOf(failure: Failure): string {
  if (failure.reason === 'disk-failed') return `${failure.operation} ${failure.path} (${failure.code})`;
  const detail = 'detail' in failure ? failure.detail : '';
  const place = 'path' in failure ? failure.path : 'bucket' in failure ? failure.bucket : '';
  return [place, detail].filter((part) => part !== '').join(': ');
}
