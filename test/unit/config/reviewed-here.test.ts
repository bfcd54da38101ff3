import { describe, expect, it } from 'vitest';
import { isReviewedHere } from '../../../src/config/reviewed-here.ts';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import type { Settings } from '../../../src/contracts/settings.ts';
import { GROWTH_LIMIT, growthOf } from '../safety/measure.ts';

const reviewed = (review: Partial<Settings['review']>, root: string): boolean =>
  isReviewedHere({ ...DEFAULT_SETTINGS, review: { ...DEFAULT_SETTINGS.review, ...review } }, root, {
    HOME: '/home/me',
  });

describe('isReviewedHere', () => {
  it('is so by default, and not where reviews are switched off', () => {
    expect(reviewed({}, '/code/a')).toBe(true);
    expect(reviewed({ enabled: false }, '/code/a')).toBe(false);
  });

  it('takes the word about the repository before the general one', () => {
    expect(reviewed({ enabled: false, repositories: { '/code/a/': true } }, '/code/a')).toBe(true);
    expect(reviewed({ repositories: { '~/a': false } }, '/home/me/a')).toBe(false);
    expect(reviewed({ repositories: { '~/a': false } }, '/home/me/ab')).toBe(true);
  });

  it.each([
    ['~/clients', '/home/me/clients', true],
    ['~/clients', '/home/me/clients/one', true],
    ['~/clients', '/home/me/clients-of-mine', false],
    ['/code/*/secret', '/code/a/secret', true],
    ['/code/*/secret', '/code/a/b/secret', false],
    ['/code/**/secret', '/code/a/b/secret', true],
    ['/code/**/secret', '/code/secret', true],
    ['**/private-*', '/any/where/private-thing/inner', true],
    ['/code/v?', '/code/v1', true],
    ['/code/v?', '/code/v10', false],
    ['/code/a.b', '/code/aXb', false],
    ['/code/(x', '/code/(x', true],
    ['/code/**', '/code', false],
    ['/code/**', '/code/a/b', true],
    ['/work**', '/work-more/b', true],
    ['/code/**/b/**/d', '/code/b/d', true],
    ['/code/**/b/**/d', '/code/a/b/b/c/d/e', true],
    ['/code/**/b/**/d', '/code/a/bb/c/d', false],
    ['/code/a?c', '/code/a/c', false],
    ['/code/*-b', '/code/a-b-b/c', true],
    ['/code/*-b', '/code/a-b-bc', false],
    [String.raw`C:\work\**\b`, String.raw`C:\work\a\b\c`, true],
  ])('skip pattern %s on %s: %s', (pattern, root, skipped) => {
    expect(reviewed({ skip: [pattern] }, root)).toBe(!skipped);
  });

  it.each(['/**/a/**/b/**/c/**/d/**/e/**/x', '/*a*a*a*a*a*x'])(
    'needs time for %s that grows with the length of the path',
    (pattern) => {
      const work = (root: string): boolean => reviewed({ skip: [pattern] }, root);
      expect(growthOf(work, '/a/b/c/d/e')).toBeLessThan(GROWTH_LIMIT);
      expect(growthOf(work, 'a')).toBeLessThan(GROWTH_LIMIT);
    },
  );

  it('lets nothing beat a skip pattern', () => {
    expect(reviewed({ skip: ['/code'], repositories: { '/code/a': true } }, '/code/a')).toBe(false);
  });
});
