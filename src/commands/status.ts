import { defineCommand } from 'citty';
import { succeed } from '../contracts/failure.ts';
import { examine } from '../health/doctor.ts';
import { gatherFacts } from '../health/gather-facts.ts';
import { statusScreen } from '../health/status-screen.ts';
import { withProviderEnvironment } from '../kernel/provider-environment.ts';
import { systemWorld } from '../kernel/world.ts';
import type { World } from '../kernel/world.ts';
import { VERSION } from '../version.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { runCommand } from './edge.ts';
import { printResult } from './output.ts';

export const toolsFlag = {
  tools: {
    type: 'boolean',
    description: 'Start no other program: no versions, no question to the scheduler',
    default: true,
  },
} as const;

export const statusCommand = defineCommand({
  meta: {
    name: 'status',
    description:
      'Show the whole loop on one screen, worst thing first, without a key or a note in it; changes nothing (examples: status, status --json --no-tools)',
  },
  args: { ...toolsFlag, ...homeFlag, ...jsonFlag },
  async run({ args }) {
    const world = lookingWorld(args.home);
    await runCommand(
      world,
      async () => succeed(await gatherFacts(world, { noTools: !args.tools, online: false })),
      (facts) =>
        printResult(
          facts.status,
          () => statusScreen(facts.status, examine(facts), { version: VERSION, columns: process.stdout.columns }),
          args,
        ),
    );
  },
});

/** Not even a line in the log: whoever only looks leaves the home as it is, also where there is none. */
export const lookingWorld = (home?: string): World =>
  withProviderEnvironment({ ...systemWorld(process.env, home), diagnostics: { log: () => undefined } });
