import { expect, test } from 'vitest';
import { counted } from '../../../src/kernel/counted.ts';

test('one has no s, everything else has, nothing included', () => {
  expect([0, 1, 2].map((count) => counted(count, 'turn'))).toEqual(['0 turns', '1 turn', '2 turns']);
  expect(counted(1, 'repository', 'repositories')).toBe('1 repository');
  expect(counted(3, 'repository', 'repositories')).toBe('3 repositories');
});
