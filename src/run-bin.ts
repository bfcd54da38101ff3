import type { Flavour } from './commands/main.ts';

/**
 * Both bins begin here. A call with `--from-stdin` is a hook, wherever the flag stands and whatever
 * else is on the line: it must exit 0 and print nothing but its protocol, so no parser of ours that
 * could complain ever sees it.
 */
export async function runBin(flavour: Flavour, programFolder: string): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--from-stdin')) return await runAsHook(argv, programFolder);
  try {
    await runCommand(argv, flavour);
  } catch (error) {
    const { tellThrown } = await import('./commands/output.ts');
    if (!tellThrown(error)) throw error;
  }
}

async function runCommand(argv: readonly string[], flavour: Flavour): Promise<void> {
  const answered = argv[0] === 'recall' ? await quickly(argv.slice(1), flavour) : undefined;
  // All is written: to take V8 apart in good order would cost more than a millisecond.
  if (answered === true) process.exit();
  if (answered === false) return;
  const { runCli } = await import('./commands/main.ts');
  await runCli(flavour, argv);
}

async function quickly(argv: readonly string[], flavour: Flavour): Promise<boolean | undefined> {
  const { quickRecall } = await import('./commands/quick-recall.ts');
  return await quickRecall(argv, flavour);
}

async function runAsHook(argv: readonly string[], programFolder: string): Promise<void> {
  try {
    const { runHook } = await import('./hooks/run-hook.ts');
    await runHook({
      argv,
      env: process.env,
      workingFolder: () => process.cwd(),
      programFolder,
      leave: () => process.exit(0),
    });
  } catch {
    // Half an installation: a hook that cannot even be loaded ends as quietly as any other.
    process.exitCode = 0;
  }
}
