import type { ChildProcess } from 'node:child_process';
import type { Environment } from './home.ts';
import { innerNode } from './inner-node.ts';

/**
 * Starts a child that outlives us: own process group, no stream of ours held open (a hook whose
 * stdout stays open keeps Codex waiting). In a file of its own: most hooks start nothing.
 * @returns its pid, undefined when it could not be started
 */
export function startDetached(command: string, args: string[], env: Environment): number | undefined {
  const inner = innerProcess(process.version);
  return inner ? startInner(inner, { command, args, env }) : startChild(command, args, env);
}

function startChild(command: string, args: string[], env: Environment): number | undefined {
  // Not imported: to load the module costs a hook a sixth of what it may.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child: ChildProcess = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true, env });
  // Without a listener a missing binary would be an uncaught error event.
  child.on('error', () => undefined);
  child.unref();
  return child.pid;
}

/** What `node:child_process` itself starts a child with. */
interface InnerProcess {
  spawn: (options: Record<string, unknown>) => unknown;
  unref: () => unknown;
  close: () => unknown;
}

/**
 * The part of Node that starts processes, without the module around it, whose loading takes longer than the start. Only in
 * Node 20: it gets no new releases, and in others the part asks for something else and ends the process.
 */
export function innerProcess(version: string): InnerProcess | undefined {
  if (!version.startsWith('v20.') || process.platform === 'win32') return undefined;
  try {
    const part = innerNode('process_wrap');
    const constructor: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'Process') : undefined;
    const inner: unknown = typeof constructor === 'function' ? Reflect.construct(constructor, []) : undefined;
    return isInnerProcess(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

const isInnerProcess = (value: unknown): value is InnerProcess =>
  typeof value === 'object' &&
  value !== null &&
  ['spawn', 'unref', 'close'].every((name) => typeof Reflect.get(value, name) === 'function');

interface Start {
  command: string;
  args: string[];
  env: Environment;
}

function startInner(inner: InnerProcess, { command, args, env }: Start): number | undefined {
  const none = { type: 'ignore' };
  Reflect.set(inner, 'onexit', () => inner.close());
  const refused = inner.spawn({
    file: command,
    args: [command, ...args],
    envPairs: Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    detached: true,
    stdio: [none, none, none],
  });
  if (refused !== 0) {
    inner.close();
    return undefined;
  }
  inner.unref();
  const pid: unknown = Reflect.get(inner, 'pid');
  return typeof pid === 'number' ? pid : undefined;
}
