/** Signals that end a process which does not listen; Windows knows only the second one. */
const FATAL: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

const steps = new Set<() => void>();

/**
 * Has a step run when this process ends, also by a signal that can be caught: children and private files
 * must not outlive us by accident. The step is synchronous and must not throw.
 * @returns takes the step back
 */
export function beforeTheEnd(step: () => void): () => void {
  if (steps.size === 0) listen();
  steps.add(step);
  return () => {
    steps.delete(step);
    if (steps.size === 0) unlisten();
  };
}

function listen(): void {
  process.on('exit', sayAll);
  for (const signal of FATAL) process.on(signal, onSignal);
}

function unlisten(): void {
  process.off('exit', sayAll);
  for (const signal of FATAL) process.off(signal, onSignal);
}

function sayAll(): void {
  for (const step of steps) step();
  steps.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  sayAll();
  unlisten();
  // Whoever listens besides us decides; without anybody the process ends as the sender expects it to.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
