import { runHook } from './hooks/run-hook.ts';

/** The one entry of hooks.json: `hook.cjs <session-start|prompt-recall|stop-review|worker> …`. */
void runHook({
  argv: process.argv.slice(2),
  env: process.env,
  workingFolder: () => process.cwd(),
  programFolder: import.meta.dirname,
  leave: () => process.exit(0),
});
