import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { killGroup } from './child.ts';

const Answer = v.looseObject({
  id: v.number(),
  result: v.optional(v.unknown()),
  error: v.optional(v.looseObject({ message: v.string() })),
});

const Notification = v.looseObject({ method: v.string(), params: v.optional(v.unknown()) });
export type Notification = v.InferOutput<typeof Notification>;

export type Call = (method: string, params: Record<string, unknown>) => Promise<unknown>;

export interface AppServerOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  deadlineMs: number;
  /** Sees what the server tells without being asked, as its method and parameters. */
  onNotification?: (notification: Notification) => void;
}

/**
 * Starts `codex app-server` (what the TUI and the IDEs talk to), introduces itself, lets `use` make
 * calls, and ends the process group. A call that is refused, or the deadline, throws.
 */
export async function withAppServer<T>(options: AppServerOptions, use: (call: Call) => Promise<T>): Promise<T> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const closed = once(child, 'close');
  const deadline = setTimeout(() => killGroup(child), options.deadlineMs);
  const waiting = new Map<number, (answer: v.InferOutput<typeof Answer>) => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), line);
    if (!answer.success) {
      // Notifications have no id.
      const notification = v.safeParse(v.pipe(v.string(), v.parseJson(), Notification), line);
      if (notification.success) options.onNotification?.(notification.output);
      return;
    }
    waiting.get(answer.output.id)?.(answer.output);
    waiting.delete(answer.output.id);
  });
  lines.on('close', () => {
    for (const [id, settle] of waiting) settle({ id, error: { message: 'the app-server ended' } });
  });
  let lastId = 0;
  const call: Call = async (method, params) => {
    const id = ++lastId;
    const answer = await new Promise<v.InferOutput<typeof Answer>>((resolve) => {
      waiting.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  };
  try {
    await call('initialize', { clientInfo: { name: 'e2e', title: 'end-to-end tests', version: '0' } });
    child.stdin.write(`${JSON.stringify({ method: 'initialized' })}\n`);
    return await use(call);
  } finally {
    clearTimeout(deadline);
    killGroup(child);
    await closed;
  }
}
