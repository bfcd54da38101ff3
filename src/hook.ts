import { runHook } from './hooks/run-hook.ts';

/** The one entry of hooks.json: `hook.cjs <session-start|prompt-recall|stop-review|worker> …`. */
void runHook({
  argv: process.argv.slice(2),
  env: process.env,
  workingFolder: workingFolder(),
  programFolder: import.meta.dirname,
  leave: () => process.exit(0),
});

/** A session's folder may be gone by the time that its hook runs. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
