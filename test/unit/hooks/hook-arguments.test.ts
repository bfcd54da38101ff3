import { expect, test } from 'vitest';
import { flagOf } from '../../../src/hooks/hook-arguments.ts';

test.each([
  [['--state-dir', '/a b'], '/a b'],
  [['session-start', '--state-dir=/x=y', '--from-stdin'], '/x=y'],
  [['--state-dir='], ''],
  [['--state-dir'], undefined],
  [['--state-directory', '/x'], undefined],
  [[], undefined],
])('in %j the flag is %j', (argv, value) => {
  expect(flagOf(argv, 'state-dir')).toBe(value);
});
