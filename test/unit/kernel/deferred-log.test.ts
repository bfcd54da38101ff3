import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deferredLog } from '../../../src/kernel/deferred-log.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const SECRET = `sk-proj-${'Ab3dEf6hIj9lMn2p'.repeat(3)}`;

function logged(): { log: ReturnType<typeof deferredLog>; text: () => string } {
  const file = path.join(tempFolder(), 'logs', 'plugin.log');
  const text = (): string => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
  return { log: deferredLog(file, systemClock), text };
}

describe('the log of a hook', () => {
  test('has a line without free text at once', () => {
    const { log, text } = logged();
    log.log('hook.session-start', {
      ms: 7,
      session: '0199c0de-0000-7000-8000-000000000001',
      bucket: '-home-alice-a-rather-long-path-of-a-repository',
      generation: null,
      remembered: true,
    });

    expect(JSON.parse(text())).toMatchObject({ event: 'hook.session-start', ms: 7, generation: null });
  });

  test.each([
    { session: SECRET },
    { cause: `Error: ${SECRET} was refused` },
    { problems: [`token=${SECRET}`] },
    { nested: { deep: SECRET } },
  ])('keeps a line with %j until it can be redacted', async (facts) => {
    const { log, text } = logged();
    log.log('hook.failed', facts);
    expect(text()).toBe('');
    await log.flush();

    expect(text()).toContain('hook.failed');
    expect(text()).not.toContain(SECRET);
  });

  test('writes what waits once', async () => {
    const { log, text } = logged();
    log.log('hook.failed', { cause: 'a cause of more than sixteen characters' });
    await log.flush();
    await log.flush();

    expect(text().trim().split('\n')).toHaveLength(1);
  });

  test('that cannot be written costs nothing', async () => {
    const log = deferredLog('/proc/version/logs/plugin.log', systemClock);
    log.log('a', { n: 1 });
    log.log('b', { cause: 'a cause of more than sixteen characters' });

    await expect(log.flush()).resolves.toBeUndefined();
  });
});
