import type { Backend } from '../../../src/backend/backend.ts';
import { scriptBackend } from '../../../src/backend/script.ts';

interface SlowBackend {
  backend: Backend;
  /** Resolves when a compile has asked it. */
  asked: Promise<void>;
  answer: () => void;
}

/** An agent that is at work for as long as the test wants. */
export function slowBackend(): SlowBackend {
  const asked = deferred();
  const go = deferred();
  const backend: Backend = {
    name: 'slow',
    compile: async (task, signal) => {
      asked.resolve();
      await go.promise;
      return await scriptBackend.compile(task, signal);
    },
  };
  return { backend, asked: asked.promise, answer: go.resolve };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let settle: (() => void) | undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: () => settle?.() };
}

/** How a piece of work ended that the test goes on beside. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'promoted';
  } catch (error) {
    return String(error);
  }
}
