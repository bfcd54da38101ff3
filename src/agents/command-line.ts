import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { makeFolder, writeNew } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { withRunFolder } from '../kernel/run-folder.ts';
import type { Ask } from './ask.ts';
import { readCodexEvents } from './codex-events.ts';
import { readOpencodeEvents } from './opencode-events.ts';
import type { AgentReading, AgentWorld } from './subprocess.ts';
import { asOneText, callAgent } from './subprocess.ts';

/** What stands in a command for the payload: its path, or with `inline` its text. */
export const PAYLOAD = '<payload>';

export type PayloadMode = 'stdin' | 'file' | 'inline';
export type ResponseFormat = 'codex-events' | 'opencode-events' | 'raw-json';

export interface CommandSettings {
  /** Program and arguments; no shell. */
  command: readonly string[];
  /** How it gets the question: on standard input, as a private file, or as one argument (short ones only). */
  payloadMode: PayloadMode;
  responseFormat: ResponseFormat;
  timeoutMs: number;
}

/** Linux takes 128 kB for one argument, Windows 32 kB for all of them. */
const LONGEST_ARGUMENT = 30_000;

const READERS: Record<ResponseFormat, (stdout: string) => AgentReading> = {
  'codex-events': readCodexEvents,
  'opencode-events': readOpencodeEvents,
  'raw-json': readRaw,
};

function readRaw(stdout: string): AgentReading {
  return stdout.trim() === '' ? { kind: 'empty' } : { kind: 'answered', answer: { text: stdout, cut: false } };
}

/** Asks any program: what it is given, and how its answer is read, the settings say. */
export function askCommandLine(settings: CommandSettings, world: AgentWorld): Ask {
  return (question, signal) =>
    attemptAsync(() =>
      withRunFolder(homeLayout(world.home).agentRuns, async (folder) => {
        const workspace = path.join(folder, 'workspace');
        makeFolder(workspace);
        const call = handedOver(settings, asOneText(question), path.join(folder, 'payload.txt'));
        if (!call.ok) return call;
        return callAgent(
          {
            ...call.value,
            name: path.basename(settings.command[0] ?? ''),
            cwd: workspace,
            env: { PWD: workspace, TMPDIR: folder, TEMP: folder, TMP: folder },
            timeoutMs: settings.timeoutMs,
            isStep: () => false,
            read: READERS[settings.responseFormat],
          },
          world.env,
          signal,
        );
      }),
    );
}

interface HandedOver {
  argv: string[];
  stdin: string;
}

function handedOver({ command, payloadMode }: CommandSettings, text: string, file: string): Result<HandedOver> {
  switch (payloadMode) {
    case 'stdin':
      return succeed({ argv: [...command], stdin: text });
    case 'file':
      writeNew(file, text, { sync: false });
      return succeed({ argv: withPayload(command, file), stdin: '' });
    case 'inline':
      if (Buffer.byteLength(text) <= LONGEST_ARGUMENT) return succeed({ argv: withPayload(command, text), stdin: '' });
      return fail({
        reason: 'not-configured',
        what: `The command ${command[0] ?? ''}`,
        fix: `A question of ${Buffer.byteLength(text)} bytes does not fit into an argument; set payload_mode to "stdin" or "file".`,
      });
  }
}

/** The placeholder's place, or else the end. */
export function withPayload(command: readonly string[], payload: string): string[] {
  if (!command.some((word) => word.includes(PAYLOAD))) return [...command, payload];
  // Not a string: `$&` in a payload would mean something.
  return command.map((word) => word.replaceAll(PAYLOAD, () => payload));
}
