import { monotonicMs, systemClock } from '../kernel/clock.ts';
import { deferredLog } from '../kernel/deferred-log.ts';
import type { DeferredLog } from '../kernel/deferred-log.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { homeFolder, homeLayout } from '../kernel/home.ts';
import { readStandardInput, writeStandardOutput } from '../kernel/standard-streams.ts';
import type { World } from '../kernel/world.ts';
import { flagOf } from './hook-arguments.ts';
import type { HookAnswer, HookCall, HookRun } from './hook-types.ts';

type Hook = (run: HookRun) => HookAnswer | Promise<HookAnswer>;

/** Imported one by one: a hook pays only for what it runs. */
const HOOKS = {
  'session-start': async (): Promise<Hook> => (await import('./session-start-hook.ts')).sessionStartHook,
  'prompt-recall': async (): Promise<Hook> => (await import('./prompt-recall-hook.ts')).promptRecallHook,
  'stop-review': async (): Promise<Hook> => (await import('./stop-hook.ts')).stopHook,
};

/** A prompt may have a megabyte; ten are an accident. */
const INPUT_BYTES = 10 * 1024 * 1024;
const INPUT_DEADLINE_MS = 4_000;
/** hooks.json gives a hook 10 s; leaving by ourselves is quiet, being killed is reported to the user. */
const HOOK_DEADLINE_MS = 8_000;

/**
 * Runs one hook, or the worker that a hook has started. The one place that may catch everything: a
 * hook never costs anybody a session (exit 2 would block the user's prompt). It prints only its
 * protocol, ends with exit code 0, and leaves one line in the log.
 */
export async function runHook(call: HookCall): Promise<void> {
  let log: DeferredLog | undefined;
  const name = commandOf(call.argv);
  try {
    failOpen(call);
    if (name === 'worker') return await (await import('./review-worker.ts')).runReviewWorker(call);
    // A nested Codex is our own reviewer: what it does must not be reviewed, nor be given notes.
    if (call.env['CODEX_SELF_EVOLUTION_NESTED'] === '1') return;
    const home = homeFolder(call.env);
    log = deferredLog(homeLayout(home).log, systemClock);
    await answer(name, { home, env: call.env, clock: systemClock, diagnostics: log }, call);
  } catch (error) {
    log?.log(`hook.${name}.failed`, { cause: causeOf(error) });
  } finally {
    await finish(log);
    // All is written: to take V8 apart in good order would cost more than a millisecond. The worker may have children yet.
    if (name !== 'worker') call.leave();
  }
}

async function finish(log: DeferredLog | undefined): Promise<void> {
  try {
    await log?.flush();
  } catch {
    // Half an installation: without the chunk that redacts, free text is not written at all.
  }
  process.exitCode = 0;
}

/** A refused disk says what it refused; everything else says its name. */
function causeOf(error: unknown): unknown {
  if (error instanceof DiskFailure) return error.failure;
  return String(error).slice(0, 500);
}

const COMMANDS = [...Object.keys(HOOKS), 'worker'];

/** The first argument that names a command: flags before it, known or not, do no harm. */
const commandOf = (argv: readonly string[]): string => argv.find((word) => COMMANDS.includes(word)) ?? 'unknown';

async function answer(name: string, world: World, call: HookCall): Promise<void> {
  const started = monotonicMs();
  if (!isHookName(name)) return world.diagnostics.log('hook.unknown', { argv: call.argv.join(' ').slice(0, 200) });
  setTimeout(() => call.leave(), HOOK_DEADLINE_MS).unref();
  const { bytes, stopped } = await readStandardInput({ limit: INPUT_BYTES, deadlineMs: INPUT_DEADLINE_MS });
  const hook = await HOOKS[name]();
  const found = await hook({ world, call, input: bytes, flag: (flag) => flagOf(call.argv, flag) });
  const { context, notice } = found;
  if (context || notice !== undefined) print(context, notice);
  const facts = { ...found.facts, ...(await found.after?.()) };
  const ms = Math.round(monotonicMs() - started);
  world.diagnostics.log(`hook.${name}`, { ms, ...(stopped === 'end' ? {} : { stdin: stopped }), ...facts });
}

const isHookName = (name: string): name is keyof typeof HOOKS => Object.hasOwn(HOOKS, name);

function print(context: HookAnswer['context'], notice: string | undefined): void {
  const told = context && { hookEventName: context.event, additionalContext: context.text };
  writeStandardOutput(JSON.stringify({ systemMessage: notice, hookSpecificOutput: told }));
}

/** What is thrown outside of our own stack (a stream, a timer) must not change the exit code either. */
function failOpen(call: HookCall): void {
  process.on('uncaughtException', () => call.leave());
  process.on('exit', () => {
    process.exitCode = 0;
  });
}
