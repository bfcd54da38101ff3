import { stripVTControlCharacters } from 'node:util';
import type { Failure, Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import { NESTED_FLAG } from '../kernel/process.ts';
import type { ChildEnding, EndedChild } from '../kernel/run-child.ts';
import { runChild } from '../kernel/run-child.ts';
import type { ModelAnswer, Question } from './ask.ts';
import { providerMessage, withoutKey } from './provider-message.ts';
import { secretsIn } from './secret-variables.ts';

/** What asking a program touches; a `World` is one. */
export interface AgentWorld {
  /** Our home folder: the private folders of runs lie in it, where no other user of the host can lay anything. */
  home: string;
  env: Environment;
}

/** What a program's output says. */
export type AgentReading =
  | { kind: 'answered'; answer: ModelAnswer }
  /** The program or its provider says that it failed; without words the way it ended has to do. */
  | { kind: 'failed'; detail?: string; status?: number }
  /** It ended as if all were well, and said nothing. */
  | { kind: 'empty' };

/** One call of a program. */
export interface AgentCall {
  /** For failures: `opencode`, `codex`. */
  name: string;
  argv: readonly string[];
  cwd: string;
  /** On top of the environment that we have. */
  env: Record<string, string>;
  stdin: string;
  timeoutMs: number;
  /** Whether a line of output begins another request to the model. */
  isStep: (line: string) => boolean;
  /** Whether a line of standard error tells that the provider has refused a request, which the program repeats. */
  isRefusal?: (line: string) => boolean;
  read: (stdout: string) => AgentReading;
  readStderr?: (stderr: string) => Complaint;
}

/** What a program says beside its answer. */
export interface Complaint {
  /** It answered, but not as it was asked to. */
  fault?: string;
  /** What its provider said last; tells more than a deadline or an exit code does. */
  lastError?: string;
}

/** With tools denied one step is the rule; a model that calls tools all the same has so many tries. */
const MAX_STEPS = 10;
/** Repeating costs money or gets nowhere; the queue asks again later. */
const MAX_REFUSALS = 3;
/** Ten times the longest answer that anybody reads. */
const MAX_OUTPUT = 8_000_000;

/** Runs one call and says how it went; everything that can go wrong outside is a Failure. */
export async function callAgent(call: AgentCall, env: Environment, signal: AbortSignal): Promise<Result<ModelAnswer>> {
  let steps = 0;
  const { name, argv, cwd, stdin, timeoutMs } = call;
  let refusals = 0;
  const isTooMuch = (line: string): boolean => call.isStep(line) && ++steps > MAX_STEPS;
  const isHopeless = (line: string): boolean => call.isRefusal?.(line) === true && ++refusals >= MAX_REFUSALS;
  const ended = await runChild({
    name,
    argv,
    cwd,
    env: { ...env, [NESTED_FLAG]: '1', ...call.env },
    stdin,
    timeoutMs,
    maxOutput: MAX_OUTPUT,
    onLine: (line) => (isTooMuch(line) ? `it asked its model more than ${MAX_STEPS} times` : undefined),
    onErrorLine: (line) => (isHopeless(line) ? `its provider refused ${MAX_REFUSALS} times` : undefined),
    signal,
  });
  if (!ended.ok) return ended;
  const said: Said = {
    complaint: call.readStderr?.(ended.value.stderr) ?? {},
    told: (text) => agentMessage(text, env),
    clean: (text) => withoutOurKeys(text, env),
  };
  const stopped = whyStopped(ended.value.ending, call, said);
  return stopped ? fail(stopped) : readEnd(ended.value, call, said);
}

interface Said {
  complaint: Complaint;
  /** Makes a program's words fit for a log. */
  told: (text: string) => string;
  /** Takes our keys out of an answer. */
  clean: (text: string) => string;
}

function whyStopped(ending: ChildEnding, { name, timeoutMs }: AgentCall, said: Said): Failure | undefined {
  const { lastError } = said.complaint;
  const unreachable = (words: string, when: string): Failure => ({
    reason: 'model-unreachable',
    provider: name,
    detail: `${said.told(words)} (${when})`,
  });
  switch (ending.by) {
    case 'exit':
      return undefined;
    case 'deadline':
      if (lastError === undefined) return { reason: 'model-timed-out', provider: name, afterMs: timeoutMs };
      return unreachable(lastError, `until it was stopped after ${timeoutMs} ms`);
    case 'abort':
      return { reason: 'aborted', what: name };
    case 'output':
      return { reason: 'agent-failed', agent: name, detail: `it wrote more than ${MAX_OUTPUT} bytes and was stopped` };
    case 'line':
      if (lastError !== undefined) return unreachable(lastError, `${ending.why} and was stopped`);
      return { reason: 'agent-failed', agent: name, detail: `${ending.why} and was stopped` };
  }
}

/** What the program said counts before how it ended: the provider's words say more than an exit code. */
function readEnd(ended: EndedChild, { name, read }: AgentCall, { complaint, told, clean }: Said): Result<ModelAnswer> {
  const reading = read(ended.stdout);
  const failed = (detail: string): Result<never> => fail({ reason: 'agent-failed', agent: name, detail });
  if (complaint.fault !== undefined) return failed(told(complaint.fault));
  if (reading.kind === 'failed') {
    const { detail = complaint.lastError, status } = reading;
    if (detail === undefined) return failed(howItEnded(ended, told));
    if (status === undefined) return failed(told(detail));
    return fail({ reason: 'model-refused', provider: name, status, detail: told(detail) });
  }
  // An answer that was cut at its limit is a failure for Codex, with an exit code.
  const isCut = reading.kind === 'answered' && reading.answer.cut;
  if (ended.exitCode !== 0 && !isCut) return failed(howItEnded(ended, told));
  if (reading.kind === 'answered') return succeed({ ...reading.answer, text: clean(reading.answer.text) });
  return fail({ reason: 'answer-unparsable', detail: `${name} gave an empty answer`, raw: '' });
}

function howItEnded({ exitCode, signal, stderr }: EndedChild, told: (text: string) => string): string {
  const how = exitCode === null ? `it was ended by ${signal ?? 'a signal'}` : `it ended with exit code ${exitCode}`;
  return stderr.trim() === '' ? how : `${how}: ${told(stderr)}`;
}

/** A program's own words, fit for a log: no escape codes, no key of the environment, redacted, one line, at most 400 characters. */
function agentMessage(text: string, env: Environment): string {
  const told = secretsIn(env).reduce(withoutKey, stripVTControlCharacters(text));
  return providerMessage(told, '');
}

/**
 * An answer becomes memory: a program that repeats its environment must not put a key there, whatever the key
 * looks like. Only whole values go, as they are and as JSON writes them: the rest of an answer is its own.
 */
const withoutOurKeys = (text: string, env: Environment): string =>
  secretsIn(env)
    .flatMap((key) => [key, JSON.stringify(key).slice(1, -1)])
    .reduce((clean, key) => clean.replaceAll(key, '[redacted:api-key]'), text);

/** Instructions and material as one text, for programs that take nothing else. */
export const asOneText = ({ system, prompt }: Question): string => `${system}\n\n${prompt}`;
