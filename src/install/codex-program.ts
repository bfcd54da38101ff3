import type { Failure, Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { findProgram } from '../kernel/find-program.ts';
import type { Environment } from '../kernel/home.ts';
import { talkInLines } from '../kernel/line-talk.ts';
import type { Talk } from '../kernel/line-talk.ts';
import { NESTED_FLAG } from '../kernel/process.ts';
import { runProgram } from '../kernel/run-program.ts';

/** The Codex that is asked to change its own settings. */
export interface CodexProgram {
  argv: readonly string[];
  env: Environment;
  /** Where it is asked from. */
  cwd: string;
}

/** @returns Failure `install-conflict` when there is no codex on the PATH */
export function findCodex(env: Environment, codexHome: string, cwd: string): Result<CodexProgram> {
  const file = findProgram('codex', env);
  if (file === undefined)
    return fail({
      reason: 'install-conflict',
      what: 'There is no program "codex" on the PATH, which installs plugins',
      fix: 'Install Codex, or install without --plugin.',
    });
  return succeed({ argv: [file], env: { ...env, CODEX_HOME: codexHome, [NESTED_FLAG]: '1' }, cwd });
}

/** Runs `codex <words>`; what it printed. */
export function runCodex(codex: CodexProgram, words: readonly string[]): Result<string> {
  const run = runProgram({ argv: [...codex.argv, ...words], env: codex.env });
  if (run.status === 0) return succeed(run.stdout.toString('utf8'));
  const said = (run.stderr || run.stdout.toString('utf8')).trim().split('\n').at(-1) ?? '';
  return fail(refusal(codex, words, said));
}

const refusal = (codex: CodexProgram, words: readonly string[], said: string): Failure => ({
  reason: 'agent-unavailable',
  agent: `${codex.argv[0] ?? 'codex'} ${words.join(' ')}`,
  detail: `${said.slice(0, 300)}. What was done before stays done; run the same command again.`,
});

const TALK_DEADLINE_MS = 30_000;

/** Calls of Codex's app server, one after the other, each with the answers so far. */
export type AppCall = (answers: readonly unknown[]) => { method: string; params: Record<string, unknown> };

/** @returns the answers, or Failure `agent-unavailable` for the first call that was refused or not answered */
export function callAppServer(codex: CodexProgram, calls: readonly AppCall[]): Promise<Result<unknown[]>> {
  const { env, cwd } = codex;
  const argv = [...codex.argv, 'app-server'];
  return talkInLines({ argv, cwd, env, deadlineMs: TALK_DEADLINE_MS }, async (talk) => {
    const hello = await ask(talk, 0, 'initialize', { clientInfo: { name: 'csep', title: 'csep', version: '1' } });
    if (hello === undefined) return fail(refusal(codex, ['app-server'], 'it does not answer'));
    talk.say(JSON.stringify({ method: 'initialized' }));
    const answers: unknown[] = [];
    for (const [index, call] of calls.entries()) {
      const { method, params } = call(answers);
      const answer = await ask(talk, index + 1, method, params);
      if (!answer || !('result' in answer)) return fail(refusal(codex, ['app-server'], `${method} was not answered`));
      answers.push(answer['result']);
    }
    return succeed(answers);
  });
}

async function ask(
  talk: Talk,
  id: number,
  method: string,
  params: Record<string, unknown>,
): Promise<Record<string, unknown> | undefined> {
  talk.say(JSON.stringify({ id, method, params }));
  const line = await talk.hear((heard) => answerIn(heard)?.['id'] === id);
  return line === undefined ? undefined : answerIn(line);
}

function answerIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
