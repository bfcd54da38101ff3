import { expect, test, vi } from 'vitest';
import { wait } from '../../../src/agents/wait.ts';

test('it ends after its time, and as soon as the signal is aborted', async () => {
  vi.useFakeTimers();
  try {
    const ended: string[] = [];
    const note = async (name: string, waiting: Promise<void>): Promise<void> => {
      await waiting;
      ended.push(name);
    };
    const stop = new AbortController();
    const all = [
      note('short', wait(1_000, stop.signal)),
      note('aborted', wait(60_000, stop.signal)),
      note('before it began', wait(60_000, AbortSignal.abort())),
    ];
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toEqual(['before it began']);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['before it began', 'short']);
    stop.abort();
    await Promise.all(all);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
