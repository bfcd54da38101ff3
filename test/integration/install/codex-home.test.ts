import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codexHomeToClear, codexHomeToUse } from '../../../src/install/codex-home.ts';
import { InstallLab } from '../../support/install-lab.ts';
import { tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from '../commands/built-csep.ts';

const csep = builtCsep();

const names = (temp: TempBucket): string[] => fs.readdirSync(temp.folder, { recursive: true, encoding: 'utf8' });

describe('the folder of Codex', () => {
  test.each([
    ['install', 'typo'],
    ['install', 'typo/deeper/.codex'],
    ['uninstall', 'typo'],
  ])(
    'that %s --codex-home names and that is not there is refused, with what to do, and nothing is made',
    (word, name) => {
      const temp = tempBucket();
      const before = names(temp);
      const ran = csep(temp, [word, '--codex-home', path.join(temp.folder, name)]);

      expect(ran).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('does not exist') });
      expect(ran.stderr).toContain(
        word === 'install' ? `mkdir -p '${path.join(temp.folder, name)}'` : 'or leave it out',
      );
      expect(names(temp)).toEqual(before);
    },
  );

  test('that is a file is refused', () => {
    const temp = tempBucket();
    fs.writeFileSync(path.join(temp.folder, 'file'), '');

    expect(csep(temp, ['install', '--codex-home', path.join(temp.folder, 'file')])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is no folder'),
    });
    expect(csep(temp, ['install'], { CODEX_HOME: path.join(temp.folder, 'file') })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is no folder'),
    });
  });

  test('that --codex-home names is used when it is there, also behind a link and with a tilde', () => {
    const temp = tempBucket();
    fs.mkdirSync(path.join(temp.folder, 'other'));
    fs.symlinkSync(path.join(temp.folder, 'other'), path.join(temp.folder, 'link'));

    expect(codexHomeToUse('~/link', temp.world.env)).toEqual({ ok: true, value: path.join(temp.folder, 'link') });
  });

  test('of a user whose Codex has never run may be made, and that of a CODEX_HOME whose parent is there', () => {
    const { folder } = tempBucket();

    expect(codexHomeToUse(undefined, { HOME: path.join(folder, 'fresh') })).toMatchObject({ ok: true });
    expect(codexHomeToUse(undefined, { CODEX_HOME: path.join(folder, 'mine') })).toMatchObject({ ok: true });
  });

  test('of a CODEX_HOME that leads nowhere is refused', () => {
    const temp = tempBucket();
    const before = names(temp);

    expect(csep(temp, ['install'], { CODEX_HOME: path.join(temp.folder, 'no', 'where') })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('CODEX_HOME'),
    });
    expect(names(temp)).toEqual(before);
  });

  test('that was installed into and is gone does not keep uninstall from the rest', async () => {
    const lab = new InstallLab();
    await lab.install();
    fs.rmSync(lab.codexHome, { recursive: true });

    expect(codexHomeToClear(lab.codexHome, lab.world)).toEqual({ ok: true, value: lab.codexHome });
    expect(codexHomeToClear(`${lab.codexHome}2`, lab.world)).toMatchObject({ ok: false });
    lab.dispose();
  });
});
