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
    expect(reviewed({}, '/work/a')).toBe(true);
    expect(reviewed({ enabled: false }, '/work/a')).toBe(false);
  });

  it('takes the word about the repository before the general one', () => {
    expect(reviewed({ enabled: false, repositories: { '/work/a/': true } }, '/work/a')).toBe(true);
    expect(reviewed({ repositories: { '~/a': false } }, '/home/me/a')).toBe(false);
    expect(reviewed({ repositories: { '~/a': false } }, '/home/me/ab')).toBe(true);
  });

  it.each([
    ['~/clients', '/home/me/clients', true],
    ['~/clients', '/home/me/clients/one', true],
    ['~/clients', '/home/me/clients-of-mine', false],
    ['/work/*/secret', '/work/a/secret', true],
    ['/work/*/secret', '/work/a/b/secret', false],
    ['/work/**/secret', '/work/a/b/secret', true],
    ['/work/**/secret', '/work/secret', true],
    ['**/private-*', '/any/where/private-thing/inner', true],
    ['/work/v?', '/work/v1', true],
    ['/work/v?', '/work/v10', false],
    ['/work/a.b', '/work/aXb', false],
    ['/work/(x', '/work/(x', true],
    ['/work/**', '/work', false],
    ['/work/**', '/work/a/b', true],
    ['/work**', '/work-more/b', true],
    ['/work/**/b/**/d', '/work/b/d', true],
    ['/work/**/b/**/d', '/work/a/b/b/c/d/e', true],
    ['/work/**/b/**/d', '/work/a/bb/c/d', false],
    ['/work/a?c', '/work/a/c', false],
    ['/work/*-b', '/work/a-b-b/c', true],
    ['/work/*-b', '/work/a-b-bc', false],
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
    expect(reviewed({ skip: ['/work'], repositories: { '/work/a': true } }, '/work/a')).toBe(false);
  });
});
