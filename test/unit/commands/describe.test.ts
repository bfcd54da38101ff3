import { expect, test } from 'vitest';
import { describe } from '../../../src/commands/describe.ts';

test.each([
  ['--lang is en or zh', '--lang is en or zh (see --help)'],
  ['there is no generation 7; see `csep history`', 'there is no generation 7; see `csep history`'],
])('wrong usage points to the help, unless it names a command itself: %s', (detail, says) => {
  expect(describe({ reason: 'usage', detail })).toBe(says);
});
