import { defineCommand } from 'citty';
import type { ArgsDef } from 'citty';
import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { recallBatch } from '../recall/recall-batch.ts';
import { focusedRecall, wholeRecord } from '../recall/recall-text.ts';
import type { RecallQuestion } from '../recall/recall.ts';
import { recall, recallById } from '../recall/recall.ts';
import type { BucketPlace } from '../recall/session-bucket.ts';
import { bucketOf } from '../recall/session-bucket.ts';
import type { RecallUse } from '../recall/usage-log.ts';
import { noteUse } from '../recall/usage-log.ts';
import { cwdFlag, homeFlag, jsonFlag, stateDirFlag } from './arguments.ts';
import { commandWorld, runCommand, workingFolder } from './edge.ts';

export type RecallFormat = 'json' | 'markdown';

/** Flags of `recall` and `recall-trigger`. */
export const recallFlags = {
  query: {
    type: 'string',
    description: 'What to look for; words behind the command do as well (default: CODEX_RECALL_QUERY)',
  },
  'top-k': { type: 'string', description: 'How many records at most (default: 3)' },
  format: { type: 'string', description: 'markdown or json' },
  scope: {
    type: 'string',
    description: 'repo: this repository only; all: others too (default: others when this one knows little)',
  },
  ...cwdFlag,
  ...stateDirFlag,
  ...homeFlag,
  ...jsonFlag,
} as const satisfies ArgsDef;

interface RecallWords {
  _: string[];
  show?: string | undefined;
  batch?: string | undefined;
  query?: string | undefined;
  'top-k'?: string | undefined;
  format?: string | undefined;
  scope?: string | undefined;
  cwd?: string | undefined;
  'state-dir'?: string | undefined;
  json: boolean;
}

/** @param usual format when nobody asks for another: the model reads Markdown, programs JSON */
export const recallCommand = (usual: RecallFormat) =>
  defineCommand({
    meta: {
      name: 'recall',
      description: 'Find notes of earlier sessions (example: csep recall "webhook signature")',
    },
    args: {
      show: { type: 'string', description: 'Print one whole record by its id' },
      batch: { type: 'string', description: 'Answer a JSONL file of {id, query}, one line each' },
      ...recallFlags,
    },
    async run({ args }) {
      const world = commandWorld(args.home);
      const { show, batch } = args;
      await runCommand(
        world,
        async () => {
          const asked = readQuestion(world, args, usual);
          if (!asked.ok) return asked;
          if (batch !== undefined) return await batchText(world, asked.value.question, batch);
          if (show !== undefined) return await showText(world, asked.value, show);
          return await recallText(world, asked.value);
        },
        print,
      );
    },
  });

export interface AskedRecall {
  question: RecallQuestion;
  format: RecallFormat;
}

const MOST_RESULTS = 1_000;

const SCOPES = ['repo', 'all', 'auto'] as const;
const FORMATS = ['json', 'markdown'] as const;

/** Reads the flags; what cannot be meant is wrong usage. */
export function readQuestion(world: World, args: RecallWords, usual: RecallFormat): Result<AskedRecall> {
  const scope = SCOPES.find((known) => known === (args.scope ?? 'auto'));
  if (!scope) return wrong(`--scope is repo or all, not "${args.scope}"`);
  const format = FORMATS.find((known) => known === (args.format ?? (args.json ? 'json' : usual)));
  if (!format) return wrong(`--format is markdown or json, not "${args.format}"`);
  const topK = topKOf(args['top-k']);
  if (topK === undefined) return wrong(`--top-k is a number from 1 to ${MOST_RESULTS}, not "${args['top-k'] ?? ''}"`);
  const query = queryOf(world, args);
  if (query === undefined) return wrong('recall needs words to look for: recall "a few specific words"');
  return succeed({ question: { query, topK, scope, ...placeOf(world, args) }, format });
}

const placeOf = (world: World, args: RecallWords): BucketPlace => ({
  cwd: path.resolve(workingFolder(args.cwd, world)),
  stateDir: args['state-dir'] || world.env['CODEX_STATE_DIR'],
});

function topKOf(flag = '3'): number | undefined {
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

async function recallText(world: World, { question, format }: AskedRecall): Promise<Result<string>> {
  const answer = await recall(world, question);
  noteCommandUse(world, question, { by: 'recall', ids: answer.results.map((result) => result.id) });
  if (format === 'json') return succeed(renderJson(answer));
  return succeed(focusedRecall(answer.count > 0 ? 'matched' : 'no_match', answer));
}

async function showText(world: World, { question, format }: AskedRecall, id: string): Promise<Result<string>> {
  const record = await recallById(world, question, id);
  if (!record) return wrong(`There is no record "${id}"; recall prints the ids that there are`);
  noteCommandUse(world, question, { by: 'show', ids: [record.id] });
  return succeed(format === 'json' ? renderJson(record) : wholeRecord(record));
}

async function batchText(world: World, question: RecallQuestion, file: string): Promise<Result<string>> {
  const answers = await recallBatch(world, question, path.resolve(file));
  if (!answers.ok) return answers;
  return succeed(answers.value.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
}

export function print(text: string): void {
  process.stdout.write(text);
}
