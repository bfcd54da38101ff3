import { expect, test } from 'vitest';
import { tempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

test.each(['recall', 'recall --since 30d', 'history', 'compile', 'session-start', 'forget', 'review list'])(
  'in a folder that was removed meanwhile, %s says so in one line',
  (words) => {
    const ran = csep.inGoneFolder(tempBucket(), [
      ...words.split(' '),
      ...(/recall|forget/.test(words) ? ['words'] : []),
    ]);

    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toBe('csep: the current folder does not exist. Nothing was changed.\n');
  },
);

test('in a folder that was removed meanwhile, what needs no folder works', () => {
  expect(csep.inGoneFolder(tempBucket(), ['status'])).toMatchObject({ status: 0, stderr: '' });
});
