import { defineCommand, runCommand } from 'citty';
import type { CommandDef } from 'citty';
import { VERSION } from '../version.ts';
import { checkWords } from './check-words.ts';
import type { CheckedWords } from './check-words.ts';
import { nearName } from '../kernel/near-name.ts';

/** How a bin prints recall when nobody says otherwise: programs get JSON, the model gets Markdown. */
export type Flavour = 'json' | 'markdown';

/** The tree of commands; each is loaded when it is called, so that a quick one stays quick. */
function mainCommand(flavour: Flavour): CommandDef {
  return defineCommand({
    meta: {
      name: flavour === 'markdown' ? 'csep' : 'codex-self-evolution',
      version: VERSION,
      description: 'Local memory for Codex: reviews sessions, promotes what they taught, and finds it again',
    },
    subCommands: {
      // As the help lists them, and the README: what is used most comes first.
      install: async () => (await import('./install.ts')).installCommand,
      uninstall: async () => (await import('./uninstall.ts')).uninstallCommand,
      scheduler: async () => (await import('./scheduler.ts')).schedulerCommand,
      status: async () => (await import('./status.ts')).statusCommand,
      doctor: async () => (await import('./doctor.ts')).doctorCommand,
      report: async () => (await import('./report.ts')).reportCommand,
      recall: async () => (await import('./recall.ts')).recallCommand(flavour),
      'recall-trigger': async () => (await import('./recall-trigger.ts')).recallTriggerCommand(flavour),
      review: async () => (await import('./review.ts')).reviewCommand,
      history: async () => (await import('./history.ts')).historyCommand,
      rollback: async () => (await import('./rollback.ts')).rollbackCommand,
      forget: async () => (await import('./forget.ts')).forgetCommand,
      config: async () => (await import('./config.ts')).configCommand,
      scan: async () => (await import('./scan.ts')).scanCommand,
      compile: async () => (await import('./compile.ts')).compileCommand,
      'compile-preflight': async () => (await import('./compile-preflight.ts')).compilePreflightCommand,
      'session-start': async () => (await import('./session-start.ts')).sessionStartCommand,
      'prompt-recall': async () => (await import('./prompt-recall.ts')).promptRecallCommand,
      'stop-review': async () => (await import('./stop-review.ts')).stopReviewCommand,
      'migrate-worktrees': async () => (await import('./migrate-worktrees.ts')).migrateWorktreesCommand,
    },
  });
}

interface Called {
  command: CommandDef;
  /** Program and commands, as they were called. */
  names: string[];
  rest: string[];
}

/** Runs one call of the program. Hooks never come here. Exit codes: 0 done, 1 failed, 2 wrong usage. */
export async function runCli(flavour: Flavour, argv: readonly string[]): Promise<void> {
  const called = await findCommand(mainCommand(flavour), withHelpLast(argv));
  const { command, names, rest } = called;
  if (names.length === 1 && rest[0] === '--version') return print(VERSION);
  if (asksForHelp(called)) return print(await usageText(called));
  if (command.subCommands && rest[0] !== undefined) return await refuse(await unknownCommand(called, rest[0]));
  const checked = await checkCall(called);
  if (!checked.ok) return await refuse(checked.problem.replace(/(?<!\?)$/, '.'), await usageText(called));
  try {
    await runCommand(command, { rawArgs: checked.words });
  } catch (error) {
    // citty does not export its error class; what it throws for a missing argument is wrong usage.
    if (!(error instanceof Error) || error.name !== 'CLIError') throw error;
    const missing = /^Missing required positional argument: (\S+)$/.exec(error.message)?.[1];
    await refuse(missing ? `${missing} is missing.` : `${error.message.replace(/\.$/, '')}.`, await usageText(called));
  }
}

/** `help install` asks the same as `install --help`. */
const withHelpLast = (argv: readonly string[]): readonly string[] =>
  argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : argv;

/** Behind `--` stand words to look for, not questions to us; and an unknown command is told, not helped with. */
function asksForHelp({ command, rest }: Called): boolean {
  const words = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (command.subCommands) return HELP.includes(words[0] ?? '');
  return words.some((word) => word === '--help' || word === '-h');
}

const HELP = ['--help', '-h', 'help'];

async function checkCall({ command, rest }: Called): Promise<CheckedWords> {
  if (!command.subCommands) return checkWords((await resolved(command.args)) ?? {}, rest);
  return { ok: false, problem: 'A command is missing' };
}

/** Without the long list of what there is: it would push what is wrong off the screen. */
async function unknownCommand({ command, names }: Called, typed: string): Promise<string> {
  if (typed.startsWith('-'))
    return `There is no flag ${typed} here: flags go behind the command. All of them: ${names.join(' ')} --help`;
  const meant = nearName(typed, Object.keys((await resolved(command.subCommands)) ?? {}));
  const guess = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return `There is no command "${typed}".${guess} All of them: ${names.join(' ')} --help`;
}

/** Ours instead of citty's, whose lines are as long as they come, with the spaces at their ends. */
async function usageText({ command, names }: Called): Promise<string> {
  const { MOST_COLUMNS, renderUsage } = await import('./usage.ts');
  const { columns, isTTY } = process.stdout;
  const { description = '' } = (await resolved(command.meta)) ?? {};
  const choices = Object.entries((await resolved(command.subCommands)) ?? {});
  const commands = await Promise.all(
    choices.map(async ([name, choice]) => {
      const meta = await resolved((await resolved(choice)).meta);
      return [name, meta?.description ?? ''] as const;
    }),
  );
  const args = (await resolved(command.args)) ?? {};
  return renderUsage(
    { names, version: VERSION, description, args, commands },
    // A terminal that does not tell its width says 0.
    { columns: (isTTY && columns) || MOST_COLUMNS, colours: isTTY && !process.env['NO_COLOR'] },
  );
}

async function findCommand(root: CommandDef, argv: readonly string[]): Promise<Called> {
  let command = root;
  const names = [(await resolved(root.meta))?.name ?? ''];
  let rest = [...argv];
  for (;;) {
    const choices = await resolved(command.subCommands);
    const [name] = rest;
    const next = choices && name !== undefined && Object.hasOwn(choices, name) ? choices[name] : undefined;
    if (!next || name === undefined) return { command, names, rest };
    names.push(name);
    command = (await resolved(next)) ?? command;
    rest = rest.slice(1);
  }
}

async function resolved<T>(value: T | (() => T | Promise<T>) | Promise<T>): Promise<T> {
  return isThunk(value) ? await value() : await value;
}

const isThunk = <T>(value: unknown): value is () => T | Promise<T> => typeof value === 'function';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A key that was pasted where it does not belong is not said again: terminals and CI keep what they show. */
async function refuse(problem: string, usage?: string): Promise<void> {
  const { redactBuiltin } = await import('../safety/redact-builtin.ts');
  // Last, where the eye is: a long usage would scroll it away.
  process.stderr.write(`${usage === undefined ? '' : `${usage}\n\n`}csep: ${redactBuiltin(problem)}\n`);
  process.exitCode = 2;
}
