import fs from 'node:fs';
import { arm, install, real } from './fault-layer.ts';
import type { Call, Fate } from './fault-layer.ts';

/**
 * For `node --require`: a real process that kills or stops itself at one of its calls.
 *
 * FAULT_ROOT   folder whose calls count
 * FAULT_KILL   number of the call in front of which it kills itself
 * FAULT_STOP   pattern of `<kind> <path>`: it stops itself (SIGSTOP) in front of the first such call
 * FAULT_TRACE  file that gets one line per call when the process ends
 */
const { FAULT_ROOT, FAULT_KILL, FAULT_STOP, FAULT_TRACE } = process.env;

const NEVER = Number.POSITIVE_INFINITY;

let stopAt = FAULT_STOP ? new RegExp(FAULT_STOP) : undefined;

function fateOf(call: Call): Fate {
  if (call.number >= Number(FAULT_KILL ?? NEVER)) return signalled('SIGKILL');
  if (!stopAt?.test(`${call.kind} ${call.path}`)) return { kind: 'pass' };
  stopAt = undefined;
  return signalled('SIGSTOP');
}

const signalled = (signal: NodeJS.Signals): Fate => ({
  kind: 'first',
  step: () => void process.kill(process.pid, signal),
});

if (FAULT_ROOT) {
  install(true);
  const { calls } = arm({ root: fs.realpathSync(FAULT_ROOT), fateOf });
  const lines = (): string => calls.map((call) => `${call.kind} ${call.path}\n`).join('');
  if (FAULT_TRACE) process.on('exit', () => real.writeFileSync(FAULT_TRACE, lines()));
}
