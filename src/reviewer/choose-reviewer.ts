import type { Ask } from '../agents/ask.ts';
import type { AskWorld } from '../agents/ask-http.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import type { CommandReviewerName } from './by-command.ts';
import { dummyReviewer } from './dummy.ts';
import { modelReviewer } from './model-reviewer.ts';
import type { Reviewer } from './reviewer.ts';
import type { ModelProviderName, ReviewerSettings } from './reviewer-settings.ts';
import { httpModel, MODEL_PROVIDERS } from './reviewer-settings.ts';

/** What reviewers touch besides the task: the environment, the clock, the network. */
export interface ReviewerWorld extends AskWorld {
  /** Our home, below which programs that review get their private folders; without it the one that the environment names. */
  home?: string;
  /** `.env.provider` of the home, which a hint names where a key is missing. */
  providerFile?: string;
  /** Put around every single question to a model: budgets are checked and counted there. */
  aroundAsk?: (ask: Ask, reviewer: string) => Ask;
}

type Row = (world: ReviewerWorld, settings: ReviewerSettings) => Promise<Result<Reviewer>>;

const reviewers = {
  dummy: async () => succeed(dummyReviewer),
  heuristic: async () => {
    const { heuristicReviewer } = await import('./heuristic.ts');
    return succeed(heuristicReviewer);
  },
  'openai-compatible': overHttp('openai-compatible'),
  'anthropic-style': overHttp('anthropic-style'),
  minimax: overHttp('minimax'),
  'codex-cli': byCommand('codex-cli'),
  'opencode-cli': byCommand('opencode-cli'),
  command: byCommand('command'),
} satisfies Record<string, Row>;
export type ReviewerName = keyof typeof reviewers;

function overHttp(name: ModelProviderName): Row {
  return async (world, settings) => {
    const model = httpModel(name, world, settings);
    if (!model.ok) return model;
    const ask = MODEL_PROVIDERS[name].ask(model.value, world);
    return succeed(modelReviewer(world.aroundAsk?.(ask, name) ?? ask));
  };
}

/** Loaded when asked for: whoever reviews over HTTP or not at all starts no programs. */
function byCommand(name: CommandReviewerName): Row {
  return async (world, settings) => {
    const { COMMAND_REVIEWERS, timeoutMs } = await import('./by-command.ts');
    const ask = COMMAND_REVIEWERS[name](world, settings);
    if (!ask.ok) return ask;
    const deadline = timeoutMs(name, world.env, settings);
    if (!deadline.ok) return deadline;
    return succeed(modelReviewer(world.aroundAsk?.(ask.value, name) ?? ask.value, deadline.value));
  };
}

const isKnown = (name: string): name is ReviewerName => Object.hasOwn(reviewers, name);

/**
 * The reviewer of that name, ready to review.
 *
 * @param settings what the active profile says; empty without one
 * @returns Failure `not-configured` for an unknown name (it lists the known ones) or a missing key
 */
export async function chooseReviewer(
  name: string,
  world: ReviewerWorld,
  settings: ReviewerSettings = {},
): Promise<Result<Reviewer>> {
  if (isKnown(name)) return reviewers[name](world, settings);
  const known = Object.keys(reviewers).join(', ');
  const fix = `The reviewer ${JSON.stringify(name.slice(0, 60))} is not known; use one of ${known}.`;
  return fail({ reason: 'not-configured', what: 'The review', fix });
}

/** Where a wish for a reviewer may come from. */
export interface ReviewerWishes {
  /** The payload's `reviewer_provider`. */
  payload?: string | undefined;
  env: Environment;
  /** The active profile's reviewer; counts for the installed hook only. */
  profile?: string | undefined;
  /** `payload-file`: stop-review with a file; `hook`: what Codex calls, and the worker behind it. */
  asked: 'payload-file' | 'hook';
}

/** Name of the reviewer by priority: payload, environment, profile (hook only), and then the default of each way in. */
export function reviewerName({ payload, env, profile, asked }: ReviewerWishes): string {
  const wished = payload?.trim() || env['CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER']?.trim();
  if (wished) return wished;
  return asked === 'payload-file' ? 'dummy' : profile?.trim() || 'heuristic';
}
