import { defineCommand } from 'citty';
import { fromStdinFlag } from './arguments.ts';
import { printFailure } from './output.ts';

/** Only a hook. It is listed so that who meets it in a hooks.json can ask what it does. */
export const promptRecallCommand = defineCommand({
  meta: {
    name: 'prompt-recall',
    description:
      'Give a prompt the notes that match it well; a hook, and nothing else (example: prompt-recall --from-stdin < event.json)',
  },
  args: fromStdinFlag,
  run() {
    printFailure({
      reason: 'usage',
      detail: 'prompt-recall is a hook and needs --from-stdin. To ask by hand: csep recall "what you look for"',
    });
  },
});
