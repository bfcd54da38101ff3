import { defineCommand } from 'citty';
import type { ArgsDef } from 'citty';
import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { recallBatch } from '../recall/recall-batch.ts';
import { wholeRecord } from '../recall/recall-text.ts';
import type { RecallQuestion } from '../recall/recall.ts';
import { recallById } from '../recall/recall.ts';
import { cwdFlag, homeFlag, jsonFlag, stateDirFlag } from './arguments.ts';
import { commandWorld, runCommand } from './edge.ts';
import { print } from './output.ts';
import type { AskedRecall, RecallFormat } from './recall-answer.ts';
import { noteCommandUse, readQuestion, recallText } from './recall-answer.ts';

/** Flags of `recall` and `recall-trigger`. */
export const recallFlags = {
  words: { type: 'positional', required: false, description: 'What to look for' },
  query: {
    type: 'string',
    description: 'What to look for; words behind the command do as well (default: CODEX_RECALL_QUERY)',
  },
  'top-k': { type: 'string', description: 'How many records at most (default: recall.top_k of config.toml, 3)' },
  format: { type: 'string', description: 'markdown or json' },
  scope: {
    type: 'string',
    description: 'repo: this repository only; all: others too (default: others when this one knows little)',
  },
  path: { type: 'string', description: 'Only records of this folder or file, or that name it (src/api)' },
  since: { type: 'string', description: 'Only records from then on: 2026-03-31, or an age: 12h, 7d, 3w' },
  until: { type: 'string', description: 'Only records up to then' },
  ...cwdFlag,
  ...stateDirFlag,
  ...homeFlag,
  ...jsonFlag,
} as const satisfies ArgsDef;

/** @param usual format when nobody asks for another: the model reads Markdown, programs JSON */
export const recallCommand = (usual: RecallFormat) =>
  defineCommand({
    meta: {
      name: 'recall',
      description:
        'Find notes of earlier sessions (examples: csep recall "webhook signature"; csep recall "time-out" --path src/api --since 30d)',
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
          const asked = await readQuestion(world, args, usual);
          if (!asked.ok) return asked;
          if (batch !== undefined) return await batchText(world, asked.value.question, batch);
          if (show !== undefined) return await showText(world, asked.value, show);
          return await recallText(world, asked.value);
        },
        print,
      );
    },
  });

async function showText(world: World, { question, format }: AskedRecall, id: string): Promise<Result<string>> {
  const record = await recallById(world, question, id);
  if (!record)
    return fail({ reason: 'usage', detail: `There is no record "${id}"; recall prints the ids that there are` });
  if (!record.ok) return record;
  noteCommandUse(world, question, { by: 'show', ids: [record.value.id] });
  return succeed(format === 'json' ? renderJson(record.value) : wholeRecord(record.value));
}

async function batchText(world: World, question: RecallQuestion, file: string): Promise<Result<string>> {
  const answers = await recallBatch(world, question, path.resolve(file));
  if (!answers.ok) return answers;
  return succeed(answers.value.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
}
