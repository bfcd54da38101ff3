import type { Ask } from '../agents/ask.ts';
import { askCodexExec } from '../agents/codex-exec.ts';
import { askCommandLine } from '../agents/command-line.ts';
import { askOpencode, checkOpencode } from '../agents/opencode-run.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import { homeFolder } from '../kernel/home.ts';
import { ANSWER_SCHEMA } from './answer-schema.ts';
import type { ReviewerSettings } from './reviewer-settings.ts';

/** What asking a program touches. */
export interface CommandWorld {
  env: Environment;
  /** Our home; without it the one that the environment names. */
  home?: string;
}

/** Agents need seconds to start, and their models think longer than those that are asked directly. */
const TIMEOUT_SECONDS = 180;
const LONGEST_TIMEOUT_SECONDS = 600;

/** How the reviewers that are programs are asked. @returns Failure `not-configured`, which says what to set and where */
export const COMMAND_REVIEWERS = {
  'codex-cli': askCodex,
  'opencode-cli': askUsersOpencode,
  command: askAnyCommand,
} satisfies Record<string, (world: CommandWorld, settings: ReviewerSettings) => Result<Ask>>;
export type CommandReviewerName = keyof typeof COMMAND_REVIEWERS;

function askCodex(world: CommandWorld, settings: ReviewerSettings): Result<Ask> {
  const timeout = timeoutMs('codex-cli', world.env, settings);
  if (!timeout.ok) return timeout;
  const ask = askCodexExec(
    {
      command: settings.command ?? ['codex'],
      model: generalModel('codex-cli', world.env) ?? settings.model ?? null,
      timeoutMs: timeout.value,
    },
    withHome(world),
  );
  return succeed((question, signal) => ask({ ...question, schema: ANSWER_SCHEMA }, signal));
}

function askUsersOpencode(world: CommandWorld, settings: ReviewerSettings): Result<Ask> {
  const { env } = world;
  const timeout = timeoutMs('opencode-cli', env, settings);
  if (!timeout.ok) return timeout;
  const opencode = {
    command: variable(env, 'CODEX_SELF_EVOLUTION_OPENCODE_COMMAND')?.split(/\s+/) ?? settings.command ?? ['opencode'],
    model:
      generalModel('opencode-cli', env) ??
      variable(env, 'CODEX_SELF_EVOLUTION_OPENCODE_MODEL') ??
      settings.model ??
      null,
    agent: variable(env, 'CODEX_SELF_EVOLUTION_OPENCODE_AGENT') ?? null,
    timeoutMs: timeout.value,
  };
  const checked = checkOpencode(opencode);
  return checked.ok ? succeed(askOpencode(opencode, withHome(world))) : checked;
}

function askAnyCommand(world: CommandWorld, settings: ReviewerSettings): Result<Ask> {
  const timeout = timeoutMs('command', world.env, settings);
  if (!timeout.ok) return timeout;
  if (!settings.command?.length)
    return misconfigured(
      'command',
      'Name the program in the active profile of config.toml: command = ["program", "argument"].',
    );
  const { command, payloadMode = 'stdin', responseFormat = 'raw-json' } = settings;
  return succeed(askCommandLine({ command, payloadMode, responseFormat, timeoutMs: timeout.value }, withHome(world)));
}

const withHome = ({ env, home }: CommandWorld): { env: Environment; home: string } => ({
  env,
  home: home ?? homeFolder(env),
});

/** Deadline of one question. */
export function timeoutMs(name: string, env: Environment, { timeoutSeconds }: ReviewerSettings): Result<number> {
  const said = variable(env, 'CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT');
  const seconds = said === undefined ? (timeoutSeconds ?? TIMEOUT_SECONDS) : Number(said);
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_SECONDS) return succeed(seconds * 1_000);
  return misconfigured(
    name,
    `The time-out (CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT or the profile's timeout_seconds) must be a number of seconds, at most ${LONGEST_TIMEOUT_SECONDS}.`,
  );
}

/** The general model is meant for the reviewer that ..._PROVIDER names; without that variable, for the one that is asked. */
function generalModel(name: CommandReviewerName, env: Environment): string | undefined {
  const intended = variable(env, 'CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER');
  return intended === undefined || intended === name ? variable(env, 'CODEX_SELF_EVOLUTION_REVIEWER_MODEL') : undefined;
}

/** A variable that is set to blanks is not set. */
const variable = (env: Environment, name: string): string | undefined => env[name]?.trim() || undefined;

const misconfigured = (name: string, fix: string): Result<never> =>
  fail({ reason: 'not-configured', what: `The reviewer ${name}`, fix });
