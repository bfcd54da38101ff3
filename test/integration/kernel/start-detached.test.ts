import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { innerProcess, startDetached } from '../../../src/kernel/start-detached.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

/** Writes what it is and what it was given. */
const TELL = `const fs = require('node:fs');
const told = { argv: process.argv.slice(2), env: { ...process.env }, stdin: fs.fstatSync(0).isCharacterDevice() };
fs.writeFileSync(process.env.TELL_FILE + '.tmp', JSON.stringify(told));
fs.renameSync(process.env.TELL_FILE + '.tmp', process.env.TELL_FILE);`;

async function tells(): Promise<{ pid: number | undefined; told: Record<string, unknown> }> {
  const folder = tempFolder();
  const script = path.join(folder, 'tell.cjs');
  const file = path.join(folder, 'told.json');
  fs.writeFileSync(script, TELL);
  const pid = startDetached(process.execPath, [script, 'a b', ''], { TELL_FILE: file, EMPTY: '', GONE: undefined });
  await vi.waitFor(() => expect(fs.existsSync(file)).toBe(true), { timeout: 20_000 });
  return { pid, told: JSON.parse(fs.readFileSync(file, 'utf8')) };
}

describe('a child that outlives us', () => {
  test('gets its arguments and exactly the environment that it was given, and reads nothing of ours', async () => {
    const { pid, told } = await tells();
    expect(pid).toBeGreaterThan(0);
    expect(told).toMatchObject({ argv: ['a b', ''], stdin: true });
    expect(told['env']).toMatchObject({ EMPTY: '' });
    expect(told['env']).not.toHaveProperty('GONE');
    expect(told['env']).not.toHaveProperty('PATH');
  });

  test('leads a process group of its own', () => {
    const pid = startDetached(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], {}) ?? 0;
    expect(pid).toBeGreaterThan(0);
    // A group of that number exists only if the child leads it.
    expect(process.kill(-pid, 'SIGKILL')).toBe(true);
  });

  test('that is no program is not started, and that is no error', () => {
    expect(startDetached(path.join(tempFolder(), 'nothing'), [], {})).toBeUndefined();
  });

  test.each(['v22.19.0', 'v24.11.0', 'v200.0.0'])(
    'is started by the module in %s, whose inside is another',
    (version) => {
      expect(innerProcess(version)).toBeUndefined();
    },
  );
});
