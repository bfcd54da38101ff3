import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Polls until the probe answers something else than undefined or false, and returns that answer.
 * For what happens in a process that nobody can wait on (the detached worker): the condition is
 * what counts, the deadline only says when to give up. Throws with `what` when it passes.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > giveUpAt) throw new Error(`Waited ${deadlineMs} ms in vain for ${what}`);
    await pause(POLL_MS);
  }
}
