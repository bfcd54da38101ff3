import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { readFilter } from '../recall/recall-filter.ts';
import { focusedRecall } from '../recall/recall-text.ts';
import type { RecallQuestion } from '../recall/recall.ts';
import { recallIn } from '../recall/recall.ts';
import type { BucketPlace } from '../recall/session-bucket.ts';
import { bucketOf } from '../recall/session-bucket.ts';
import type { RecallUse } from '../recall/usage-log.ts';
import { noteUse } from '../recall/usage-log.ts';
import { commandSettings } from './command-settings.ts';
import { workingFolder } from './working-folder.ts';

export type RecallFormat = 'json' | 'markdown';

/** The words of a call, as either parser gives them. */
export interface RecallWords {
  _: string[];
  show?: string | undefined;
  batch?: string | undefined;
  query?: string | undefined;
  'top-k'?: string | undefined;
  format?: string | undefined;
  scope?: string | undefined;
  path?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  cwd?: string | undefined;
  'state-dir'?: string | undefined;
  json: boolean;
}

export interface AskedRecall {
  question: RecallQuestion;
  format: RecallFormat;
}

const MOST_RESULTS = 1_000;

const SCOPES = ['repo', 'all', 'auto'] as const;
const FORMATS = ['json', 'markdown'] as const;

/** Reads the flags, and the settings for what they leave open; what cannot be meant is wrong usage. */
export async function readQuestion(world: World, args: RecallWords, usual: RecallFormat): Promise<Result<AskedRecall>> {
  const settings = await commandSettings(world);
  if (!settings.ok) return settings;
  const { topK: usualTopK, otherRepositories } = settings.value.recall;
  const scope = SCOPES.find((known) => known === (args.scope ?? (otherRepositories ? 'auto' : 'repo')));
  if (!scope) return wrong(`--scope is repo or all, not "${args.scope}"`);
  const format = FORMATS.find((known) => known === (args.format ?? (args.json ? 'json' : usual)));
  if (!format) return wrong(`--format is markdown or json, not "${args.format}"`);
  const topK = topKOf(args['top-k'] ?? String(usualTopK));
  if (topK === undefined) return wrong(`--top-k is a number from 1 to ${MOST_RESULTS}, not "${args['top-k'] ?? ''}"`);
  const query = queryOf(world, args);
  if (query === undefined) return wrong('recall needs words to look for: recall "a few specific words"');
  const filter = readFilter(args, world.clock.now().getTime());
  if (!filter.ok) return filter;
  return succeed({ question: { query, topK, scope, filter: filter.value, ...placeOf(world, args) }, format });
}

const placeOf = (world: World, args: RecallWords): BucketPlace => ({
  cwd: path.resolve(workingFolder(args.cwd, world)),
  stateDir: args['state-dir'] || world.env['CODEX_STATE_DIR'],
});

function topKOf(flag: string): number | undefined {
  const topK = Number(flag);
  return Number.isInteger(topK) && topK >= 1 && topK <= MOST_RESULTS ? topK : undefined;
}

/** An empty query finds nothing; none at all is a mistake, except where an id or a file asks. */
function queryOf(world: World, args: RecallWords): string | undefined {
  if (args.query !== undefined) return args.query;
  if (args._.length > 0) return args._.join(' ');
  return world.env['CODEX_RECALL_QUERY'] ?? (args.show || args.batch ? '' : undefined);
}

const wrong = (detail: string) => fail({ reason: 'usage', detail });

/** Notes the use in the bucket that was asked. */
export function noteCommandUse(world: World, question: RecallQuestion, use: RecallUse): void {
  const bucket = bucketOf(world, question);
  if (bucket) noteUse(world, bucket.layout, use);
}

/** Asks, notes the use, and says what was found. */
export async function recallText(world: World, { question, format }: AskedRecall): Promise<Result<string>> {
  const bucket = bucketOf(world, question);
  const answer = await recallIn(world, bucket, question);
  if (bucket) noteUse(world, bucket.layout, { by: 'recall', ids: answer.results.map((result) => result.id) });
  if (format === 'json') return succeed(renderJson(answer));
  return succeed(focusedRecall(answer.count > 0 ? 'matched' : 'no_match', answer));
}
