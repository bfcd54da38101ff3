import { stripVTControlCharacters } from 'node:util';
import { defineCommand, renderUsage, runCommand } from 'citty';
import type { CommandDef } from 'citty';
import { VERSION } from '../version.ts';
import { checkWords } from './check-words.ts';
import type { CheckedWords } from './check-words.ts';
import { nearName } from './near-name.ts';

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
      install: async () => (await import('./install.ts')).installCommand,
      uninstall: async () => (await import('./uninstall.ts')).uninstallCommand,
      'session-start': async () => (await import('./session-start.ts')).sessionStartCommand,
      'stop-review': async () => (await import('./stop-review.ts')).stopReviewCommand,
      'compile-preflight': async () => (await import('./compile-preflight.ts')).compilePreflightCommand,
      compile: async () => (await import('./compile.ts')).compileCommand,
      scan: async () => (await import('./scan.ts')).scanCommand,
      scheduler: async () => (await import('./scheduler.ts')).schedulerCommand,
      recall: async () => (await import('./recall.ts')).recallCommand(flavour),
      'recall-trigger': async () => (await import('./recall-trigger.ts')).recallTriggerCommand(flavour),
      status: async () => (await import('./status.ts')).statusCommand,
      doctor: async () => (await import('./doctor.ts')).doctorCommand,
      history: async () => (await import('./history.ts')).historyCommand,
      rollback: async () => (await import('./rollback.ts')).rollbackCommand,
      review: async () => (await import('./review.ts')).reviewCommand,
      forget: async () => (await import('./forget.ts')).forgetCommand,
      report: async () => (await import('./report.ts')).reportCommand,
      config: async () => (await import('./config.ts')).configCommand,
      'migrate-worktrees': async () => (await import('./migrate-worktrees.ts')).migrateWorktreesCommand,
    },
  });
}

interface Called {
  command: CommandDef;
  parent: CommandDef | undefined;
  rest: string[];
}

/** Runs one call of the program. Hooks never come here. Exit codes: 0 done, 1 failed, 2 wrong usage. */
export async function runCli(flavour: Flavour, argv: readonly string[]): Promise<void> {
  const called = await findCommand(mainCommand(flavour), argv);
  const { command, parent, rest } = called;
  if (!parent && rest[0] === '--version') return print(VERSION);
  if (asksForHelp(called)) return print(await usageText(called));
  if (command.subCommands && rest[0] !== undefined) return await refuse(await unknownCommand(called, rest[0]));
  const checked = await checkCall(called);
  if (!checked.ok) return await refuse(`${checked.problem}.`, await usageText(called));
  try {
    await runCommand(command, { rawArgs: checked.words });
  } catch (error) {
    // citty does not export its error class; what it throws for a missing argument is wrong usage.
    if (!(error instanceof Error) || error.name !== 'CLIError') throw error;
    await refuse(`${error.message.replace(/\.$/, '')}.`, await usageText(called));
  }
}

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
async function unknownCommand({ command, parent }: Called, typed: string): Promise<string> {
  const meant = nearName(typed, Object.keys((await resolved(command.subCommands)) ?? {}));
  const guess = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const { name = '' } = (await resolved(command.meta)) ?? {};
  return `There is no command "${typed}".${guess} All of them: ${parent ? `csep ${name}` : name} --help`;
}

/** citty colours its help wherever it goes; a pipe or a file gets plain text. */
async function usageText({ command, parent }: Called): Promise<string> {
  const text = await renderUsage(command, parent);
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}

async function findCommand(root: CommandDef, argv: readonly string[]): Promise<Called> {
  let command = root;
  let parent: CommandDef | undefined;
  let rest = [...argv];
  for (;;) {
    const choices = await resolved(command.subCommands);
    const [name] = rest;
    const next = choices && name !== undefined && Object.hasOwn(choices, name) ? choices[name] : undefined;
    if (!next) return { command, parent, rest };
    parent = command;
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
