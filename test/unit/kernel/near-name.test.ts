import { expect, test } from 'vitest';
import { nearName } from '../../../src/kernel/near-name.ts';

const NAMES = ['install', 'uninstall', 'recall', 'recall-trigger', 'review', 'status', 'scan', 'config'];

test.each([
  ['instal', 'install'],
  ['recal', 'recall'],
  ['reveiw', 'review'],
  ['Status', 'status'],
  ['scna', 'scan'],
])('%s was probably meant as %s', (typed, meant) => {
  expect(nearName(typed, NAMES)).toBe(meant);
});

test.each(['version', 'x', '', 'search'])('for "%s" nothing is guessed', (typed) => {
  expect(nearName(typed, NAMES)).toBeUndefined();
});
