import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PowerJournal } from '../support/fault-journal.ts';
import type { PowerCut } from '../support/fault-journal.ts';
import { arm, Death, disarm } from '../support/fault-layer.ts';
import { writeDurably } from '../../src/kernel/write-files.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-fault-'));
});
afterEach(() => {
  disarm();
  fs.rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);

/** What a durable write leaves when the power is cut in front of its n-th call; `none` is no file. */
function cutDuring(number: number, how: PowerCut, sync = true): string {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  fs.writeFileSync(at('a'), 'old');
  const journal = new PowerJournal(folder);
  arm({ root: folder, journal, fateOf: (call) => ({ kind: call.number === number ? 'die' : 'pass' }) });
  try {
    writeDurably(at('a'), 'new', { sync });
  } catch {
    // Dead.
  }
  disarm();
  journal.cut(how);
  return fs.existsSync(at('a')) ? fs.readFileSync(at('a'), 'utf8') : 'none';
}

test('the home is guarded', () => expect(process.env['HOME']).toContain('csep-test-'));

describe('the fault layer', () => {
  test('counts the calls that change something, and only those', () => {
    const { calls } = arm({ root: folder });
    writeDurably(at('a'), 'text');
    fs.mkdirSync(at('b/c'), { recursive: true });
    fs.mkdirSync(at('b/c'), { recursive: true });
    fs.rmSync(at('b'), { recursive: true });
    fs.rmSync(at('b'), { recursive: true, force: true });
    expect(calls.map((call) => `${call.kind} ${path.basename(call.path).replace(/^\.tmp-.*/, 'temporary')}`)).toEqual([
      'open temporary',
      'write temporary',
      'fsync temporary',
      'rename a',
      `fsync ${path.basename(folder)}`,
      'mkdir b',
      'mkdir c',
      'rmdir c',
      'rmdir b',
    ]);
  });

  test('lets nothing reach the disk after a death, whatever catches it', () => {
    arm({ root: folder, fateOf: (call) => ({ kind: call.number === 2 ? 'die' : 'pass' }) });
    expect(() => writeDurably(at('a'), 'text')).toThrow('disk-failed');
    expect(() => fs.writeFileSync(at('b'), 'x')).toThrow(Death);
    expect(fs.readdirSync(folder).map((name) => name.slice(0, 5))).toEqual(['.tmp-']);
  });

  test('refuses a way to change something that it does not know', () => {
    arm({ root: folder });
    expect(() => fs.appendFileSync(at('a'), 'x')).toThrow('does not know');
  });

  test('cuts the power: a durable write shows the old text or the new one, never a part', () => {
    const seen = [1, 2, 3, 4, 5, 6].map((number) => [cutDuring(number, 'lost'), cutDuring(number, 'hollow')]);
    expect(seen).toEqual([
      ['old', 'old'],
      ['old', 'old'],
      ['old', 'old'],
      ['old', 'old'],
      ['old', 'new'],
      ['new', 'new'],
    ]);
  });

  test('cuts the power: a write that is not synced leaves an empty file or none of it', () => {
    expect([cutDuring(9, 'lost', false), cutDuring(9, 'hollow', false)]).toEqual(['old', '']);
  });
});
