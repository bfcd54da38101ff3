import { defineCommand } from 'citty';
import { succeed } from '../contracts/failure.ts';
import { renderJson } from '../kernel/render-json.ts';
import { recallTrigger } from '../recall/recall-trigger.ts';
import { commandWorld, runCommand } from './edge.ts';
import { print, printFailure } from './output.ts';
import { recallProgram } from './program-file.ts';
import type { RecallFormat } from './recall-answer.ts';
import { noteCommandUse, readQuestion } from './recall-answer.ts';
import { recallFlags } from './recall.ts';

/** @param usual format when nobody asks for another */
export const recallTriggerCommand = (usual: RecallFormat) =>
  defineCommand({
    meta: {
      name: 'recall-trigger',
      description: 'Recall when the words ask for it (example: recall-trigger --query "the previous flow")',
    },
    args: {
      explicit: { type: 'boolean', description: 'The user asked for it', default: false },
      ...recallFlags,
    },
    async run({ args }) {
      const world = commandWorld(args.home);
      await runCommand(
        world,
        async () => {
          const asked = await readQuestion(world, args, usual);
          if (!asked.ok) return asked;
          const { question, format } = asked.value;
          const triggered = await recallTrigger(world, {
            ...question,
            explicit: args.explicit,
            program: recallProgram(),
          });
          const { answer, failure } = triggered;
          if (failure) printFailure(failure);
          if (answer.triggered && !failure) {
            noteCommandUse(world, question, { by: 'recall-trigger', ids: answer.results.map((result) => result.id) });
          }
          return succeed(format === 'json' ? renderJson(answer) : answer.focused_recall);
        },
        print,
      );
    },
  });
