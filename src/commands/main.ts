import { stripVTControlCharacters } from 'node:util';
import { defineCommand, renderUsage, runCommand } from 'citty';
import type { ArgsDef, CommandDef } from 'citty';
import { VERSION } from '../version.ts';

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
      'session-start': async () => (await import('./session-start.ts')).sessionStartCommand,
      'stop-review': async () => (await import('./stop-review.ts')).stopReviewCommand,
      'compile-preflight': async () => (await import('./compile-preflight.ts')).compilePreflightCommand,
      compile: async () => (await import('./compile.ts')).compileCommand,
      scan: async () => (await import('./scan.ts')).scanCommand,
      recall: async () => (await import('./recall.ts')).recallCommand(flavour),
      'recall-trigger': async () => (await import('./recall-trigger.ts')).recallTriggerCommand(flavour),
      history: async () => (await import('./history.ts')).historyCommand,
      rollback: async () => (await import('./rollback.ts')).rollbackCommand,
      forget: async () => (await import('./forget.ts')).forgetCommand,
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
  if (rest.includes('--version') && !parent) return print(VERSION);
  if (rest.includes('--help') || rest.includes('-h')) return print(await usageText(called));
  const problem = await usageProblem(called);
  if (problem !== undefined) return refuse(problem, await usageText(called));
  try {
    await runCommand(command, { rawArgs: rest });
  } catch (error) {
    // citty does not export its error class; what it throws for a missing argument is wrong usage.
    if (!(error instanceof Error) || error.name !== 'CLIError') throw error;
    refuse(error.message, await usageText(called));
  }
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

/** citty passes over flags that it does not know; a mistyped flag must not be taken for consent. */
async function usageProblem({ command, rest }: Called): Promise<string | undefined> {
  if (command.subCommands) return rest[0] === undefined ? 'Which command?' : `There is no command "${rest[0]}"`;
  return flagProblem((await resolved(command.args)) ?? {}, rest);
}

function flagProblem(args: ArgsDef, rest: readonly string[]): string | undefined {
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-') || word === '-') continue;
    const [flag = '', value] = word.split('=', 2);
    const definition = definitionOf(args, flag);
    if (!definition) return `There is no flag ${flag}`;
    if (definition.type !== 'boolean' && value === undefined && rest[++index] === undefined)
      return `${flag} needs a value`;
  }
  return undefined;
}

function definitionOf(args: ArgsDef, flag: string): ArgsDef[string] | undefined {
  const name = flag.replace(/^--?/, '');
  const found = own(args, name);
  if (found && found.type !== 'positional') return found;
  const negated = name.startsWith('no-') ? own(args, name.slice('no-'.length)) : undefined;
  return negated?.type === 'boolean' ? negated : undefined;
}

const own = (args: ArgsDef, name: string): ArgsDef[string] | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined;

async function resolved<T>(value: T | (() => T | Promise<T>) | Promise<T>): Promise<T> {
  return isThunk(value) ? await value() : await value;
}

const isThunk = <T>(value: unknown): value is () => T | Promise<T> => typeof value === 'function';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function refuse(problem: string, usage: string): void {
  process.stderr.write(`csep: ${problem}.\n\n${usage}\n`);
  process.exitCode = 2;
}
