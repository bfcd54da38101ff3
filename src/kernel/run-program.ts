import { spawnSync } from 'node:child_process';
import type { Environment } from './home.ts';

/** How a small program of the system ended. */
export interface ProgramRun {
  /** Null: it could not be started, or did not end in time. */
  status: number | null;
  stdout: Buffer;
  stderr: string;
}

export interface ProgramRequest {
  /** Program and arguments; no shell sees them. */
  argv: readonly string[];
  env: Environment;
  input?: Buffer;
}

/** What asks a scheduler something answers at once; one that hangs (no session bus) must not hang us. */
const DEADLINE_MS = 15_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** Runs a program of the system and waits for it. Speaks English, so that its answers can be told apart. */
export function runProgram({ argv, env, input }: ProgramRequest): ProgramRun {
  const [program = '', ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    env: { ...env, LC_ALL: 'C' },
    input: input ?? '',
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT,
    windowsHide: true,
  });
  const said = stderr?.toString('utf8') ?? '';
  return { status: error ? null : status, stdout: stdout ?? Buffer.alloc(0), stderr: error ? error.message : said };
}

/** Number of the user that runs us; null where there are none (Windows). */
export const userId = (): number | null => process.getuid?.() ?? null;
