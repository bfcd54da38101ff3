import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { bucketLayout } from '../../../src/kernel/home.ts';
import { readInjected, writeInjected } from '../../../src/recall/injected.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const SESSION = '0199c0de-0000-7000-8000-000000000001';
const injected = { given: ['a', 'b'], recalled: ['1'] };

describe('what a session has been given', () => {
  test('is remembered under its id, for the owner only', () => {
    const layout = bucketLayout(tempFolder());
    writeInjected(layout, SESSION, injected);
    const file = path.join(layout.sessions, `${SESSION}.injected.json`);

    expect(readInjected(layout, SESSION)).toEqual(injected);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(readInjected(layout, 'another')).toBeUndefined();
  });

  test.each(['../../escape', '/etc/passwd', '..', '.', 'a\u0000b', 'x'.repeat(5_000), 'CON:', '中文'])(
    'is kept within the folder for the id %j',
    (session) => {
      const folder = tempFolder();
      const layout = bucketLayout(path.join(folder, 'bucket'));
      writeInjected(layout, session, injected);

      expect(readInjected(layout, session)).toEqual(injected);
      expect(fs.readdirSync(layout.sessions)).toHaveLength(1);
      expect(fs.readdirSync(folder)).toEqual(['bucket']);
    },
  );

  test('is not remembered for a session without a name', () => {
    const layout = bucketLayout(tempFolder());
    writeInjected(layout, '', injected);

    expect(readInjected(layout, '')).toBeUndefined();
    expect(fs.existsSync(layout.sessions)).toBe(false);
  });

  test.each(['', 'null', '[]', '{"version":2}', '{"version":1', '\u0000\u0001', '{"version":1,"given":7}'])(
    'is unknown, or nothing, when the file holds %j',
    (text) => {
      const layout = bucketLayout(tempFolder());
      fs.mkdirSync(layout.sessions);
      fs.writeFileSync(path.join(layout.sessions, `${SESSION}.injected.json`), text);

      expect(readInjected(layout, SESSION)?.given ?? []).toEqual([]);
    },
  );

  test('grows no further than some thousand keys', () => {
    const layout = bucketLayout(tempFolder());
    const given = Array.from({ length: 50_000 }, (_, index) => `key-${index}`);
    writeInjected(layout, SESSION, { given, recalled: given });

    expect(readInjected(layout, SESSION)?.given).toHaveLength(4_000);
    expect(readInjected(layout, SESSION)?.given.at(-1)).toBe('key-49999');
  });

  test('cannot be written where a file stands in place of a folder, and says so', () => {
    const folder = tempFolder();
    fs.writeFileSync(path.join(folder, 'bucket'), '');

    expect(() => writeInjected(bucketLayout(path.join(folder, 'bucket')), SESSION, injected)).toThrow(DiskFailure);
  });
});
