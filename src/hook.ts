/** The one entry of hooks.json: `hook.cjs <session-start|prompt-recall|stop-review|worker> …`. */
async function runFromCodex(): Promise<void> {
  try {
    const { runHook } = await import('./hooks/run-hook.ts');
    await runHook({
      argv: process.argv.slice(2),
      env: process.env,
      workingFolder: () => process.cwd(),
      programFolder: import.meta.dirname,
      leave: () => process.exit(0),
    });
  } catch {
    // Half an installation: a hook that cannot even be loaded ends as quietly as any other.
    process.exitCode = 0;
  }
}

void runFromCodex();
