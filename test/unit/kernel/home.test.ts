import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { reviewWaiting } from '../../../src/capture/review-queue.ts';
import { codexHome, homeFolder, refuseFileAsHome } from '../../../src/kernel/home.ts';
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

describe('a home that is no folder', () => {
  test.each([
    ['a file', 'file', 'it is a file'],
    ['below a file', 'file/home', 'it is a file'],
    ['a link to a file', 'to-file', 'a link that leads to no folder'],
    ['a link to nothing', 'to-nothing/home', 'a link that leads to no folder'],
    ['a device', '/dev/null', 'it is no folder'],
  ])('because it is %s is told', (_, name, said) => {
    const folder = tempFolder();
    fs.writeFileSync(path.join(folder, 'file'), '');
    fs.symlinkSync(path.join(folder, 'file'), path.join(folder, 'to-file'));
    fs.symlinkSync(path.join(folder, 'gone'), path.join(folder, 'to-nothing'));

    expect(() => refuseFileAsHome(path.resolve(folder, name))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ detail: expect.stringContaining(said) }) }),
    );
  });

  test.each(['folder', 'link', 'not/made/yet', 'link/not-made-yet'])('is not one that is %s', (name) => {
    const folder = tempFolder();
    fs.mkdirSync(path.join(folder, 'folder'));
    fs.symlinkSync(path.join(folder, 'folder'), path.join(folder, 'link'));

    expect(() => refuseFileAsHome(path.join(folder, name))).not.toThrow();
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
