import { fail, succeed } from '../contracts/failure.ts';
import { readAnswer } from './read-answer.ts';
import type { Reviewer } from './reviewer.ts';

/**
 * Answers with the payload's `provider_stub_response` (an object, or the text of one), checked like
 * any other answer; without one it has nothing to say. For tests and for trying out the plumbing.
 */
export const dummyReviewer: Reviewer = {
  costs: false,
  async review({ snapshot }, signal) {
    if (signal.aborted) return fail({ reason: 'aborted', what: 'the review' });
    const stub = snapshot.provider_stub_response;
    if (stub === undefined || stub === null) return succeed({ suggestions: [], skipped: [] });
    return readAnswer(typeof stub === 'string' ? stub : JSON.stringify(stub));
  },
};
