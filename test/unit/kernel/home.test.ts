import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { reviewWaiting } from '../../../src/capture/review-queue.ts';
import { codexHome, homeFolder } from '../../../src/kernel/home.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { recall } from '../../../src/recall/recall.ts';
import { sessionReport } from '../../../src/recall/session-report.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

describe('the home', () => {
  test.each([
    [undefined, '/home/ada/.codex-self-evolution'],
    ['', '/home/ada/.codex-self-evolution'],
    ['/srv/memory', '/srv/memory'],
    ['~/memory', '/home/ada/memory'],
    ['~', '/home/ada'],
    ['memory', '/home/ada/memory'],
    ['./memory', '/home/ada/memory'],
    ['~ada/memory', '/home/ada/~ada/memory'],
  ])('that is named %j is %s, wherever one stands', (named, folder) => {
    expect(homeFolder({ HOME: '/home/ada', CODEX_SELF_EVOLUTION_HOME: named })).toBe(folder);
  });

  test('that a flag names starts where one stands', () => {
    expect(systemWorld({ HOME: '/home/ada' }, 'memory').home).toBe(path.resolve('memory'));
    expect(systemWorld({ HOME: '/home/ada' }, '~/memory').home).toBe('/home/ada/memory');
  });

  test("of Codex is found as Codex finds it, in the user's folder after a tilde", () => {
    expect(codexHome({ HOME: '/home/ada' })).toBe('/home/ada/.codex');
    expect(codexHome({ HOME: '/home/ada', CODEX_HOME: '~/codex' })).toBe('/home/ada/codex');
    expect(codexHome({ HOME: '/home/ada', CODEX_HOME: 'codex' })).toBe(path.resolve('codex'));
  });
});

function worldInAFile() {
  const folder = tempFolder();
  fs.writeFileSync(path.join(folder, 'home'), 'mine');
  return systemWorld({ HOME: folder }, path.join(folder, 'home'));
}

describe('a home that is a file', () => {
  const said = expect.objectContaining({
    failure: expect.objectContaining({ reason: 'file-invalid', detail: expect.stringContaining('it is a file') }),
  });

  test('is told to whoever recalls, and does not pass for one that knows nothing', async () => {
    const world = worldInAFile();
    await expect(recall(world, { query: 'a few words', cwd: '/', topK: 3, scope: 'auto' })).rejects.toEqual(said);
  });

  test('is told to whoever begins a session', async () => {
    await expect(sessionReport(worldInAFile(), { cwd: '/', program: '/csep.js' })).rejects.toEqual(said);
  });

  test('is told to whoever scans, and stays as it is', async () => {
    const world = worldInAFile();
    await expect(reviewWaiting(world, { now: false, report: () => undefined })).rejects.toEqual(said);
    expect(fs.readFileSync(world.home, 'utf8')).toBe('mine');
  });
});
