import type { Ask, TokenUse, ModelAnswer, Question } from '../agents/ask.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { reviewPrompt } from './prompt.ts';
import { readAnswer } from './read-answer.ts';
import type { Review, Reviewer } from './reviewer.ts';

/** A model that has missed the format three times will miss it again. */
const FORMAT_RETRIES = 2;

/** To start programs and to end them, all questions together. */
const AROUND_MS = 30_000;

/**
 * A reviewer that asks a model. An answer that cannot be read is asked for again, at most twice,
 * with what was wrong with it; other failures of the model are not: `ask` has its own retries.
 * The failure carries the last answer as `raw`.
 *
 * @param questionMs deadline of one question
 */
export function modelReviewer(ask: Ask, questionMs?: number): Reviewer {
  return {
    costs: true,
    ...(questionMs === undefined ? {} : { longestMs: (1 + FORMAT_RETRIES) * questionMs + AROUND_MS }),
    async review(task, signal) {
      const question = reviewPrompt(task);
      let asked = question;
      let spent: TokenUse | undefined;
      for (let retry = 0; ; retry++) {
        if (signal.aborted) return fail({ reason: 'aborted', what: 'the review' });
        const answer = await ask(asked, signal);
        if (!answer.ok) return answer;
        spent = sum(spent, answer.value.tokens);
        const review = toReview(answer.value, spent);
        if (review.ok || review.failure.reason !== 'answer-unparsable' || retry >= FORMAT_RETRIES) return review;
        asked = askAgain(question, review.failure.detail);
      }
    },
  };
}

function toReview({ text, cut }: ModelAnswer, tokens: TokenUse | undefined): Result<Review> {
  const read = readAnswer(text);
  if (read.ok) return succeed({ ...read.value, raw: text, ...(tokens ? { tokens } : {}) });
  if (!cut || read.failure.reason !== 'answer-unparsable') return read;
  return fail({ ...read.failure, detail: 'the answer was cut off at the limit for its length' });
}

/** The fault in our words, not the answer itself: it would be paid for again, and may hold what the transcript planted. */
const askAgain = (question: Question, fault: string): Question => ({
  ...question,
  prompt: `${question.prompt}

Your last answer to exactly this could not be used: ${fault}. Answer again with one complete JSON object of the demanded shape and nothing else; when it threatens to become long, keep the few most useful items.`,
});

function sum(spent: TokenUse | undefined, more: TokenUse | undefined): TokenUse | undefined {
  if (!spent || !more) return spent ?? more;
  return { input: spent.input + more.input, output: spent.output + more.output };
}
