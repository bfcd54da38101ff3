import { expect, onTestFinished, test, vi } from 'vitest';
import { withinWallClock } from '../../../src/kernel/wall-clock.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

function clockwork() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const logged: string[] = [];
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
  onTestFinished(() => kill.mockRestore());
  const world = {
    ...systemWorld({ HOME: tempFolder() }),
    diagnostics: { log: (event: string) => void logged.push(event) },
  };
  return { world, logged, kill };
}

test('work that is over in time is left alone, and its clock with it', async () => {
  const { world, kill } = clockwork();
  expect(await withinWallClock(world, 7_200_000, async () => 'done')).toBe('done');
  vi.advanceTimersByTime(8_000_000);

  expect(kill).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('work that listens is told when its time is up', async () => {
  const { world, kill } = clockwork();
  const work = withinWallClock(
    world,
    7_200_000,
    (end) => new Promise((resolve) => end.addEventListener('abort', () => resolve('given back'))),
  );
  vi.advanceTimersByTime(7_200_000);

  expect(await work).toBe('given back');
  expect(kill).not.toHaveBeenCalled();
});

test('work that does not listen ends with the process, and the log says so', () => {
  const { world, kill, logged } = clockwork();
  void withinWallClock(world, 7_200_000, () => new Promise(() => undefined));
  vi.advanceTimersByTime(7_259_000);
  expect(kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);

  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM');
  expect(logged).toEqual(['overdue']);
});
