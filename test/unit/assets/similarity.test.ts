import { describe, expect, test } from 'vitest';
import { saysTheSame } from '../../../src/assets/similarity.ts';
import { isTombstoned, tombstoneOf } from '../../../src/assets/tombstone.ts';

describe('two texts say the same', () => {
  test.each([
    ['Always use pnpm here.', 'always use  pnpm here'],
    ['Run the linter before every commit.', 'Run the linter before each and every commit!'.replace('each and ', '')],
    [
      'The build needs the native compiler installed on the host.',
      'The build needs the native compiler to be installed on the host',
    ],
    ['ｕｓｅ　ｐｎｐｍ', 'use pnpm'],
    ['提交前必须运行测试。', '提交前必须运行测试'],
  ])('%s | %s', (a, b) => {
    expect(saysTheSame(a, b)).toEqual(true);
  });
});

describe('two texts are different facts', () => {
  test.each([
    [
      'The gateway listens on port 8080 in the staging cluster.',
      'The gateway listens on port 8081 in the staging cluster.',
    ],
    ['Always run the migrations before the deploy.', 'Never run the migrations before the deploy.'],
    [
      'The config lives in src/config/app.ts for every service.',
      'The config lives in src/config/web.ts for every service.',
    ],
    ['Call loadUser before rendering the page in tests.', 'Call loadTeam before rendering the page in tests.'],
    [
      'The staging database runs in Frankfurt for legal reasons.',
      'The staging database runs in Dublin for legal reasons.',
    ],
    ['The worker depends on the scheduler at start.', 'The scheduler depends on the worker at start.'],
    ['Use pnpm', 'Use npm'],
    ['提交前要运行测试', '提交前不要运行测试'],
    ['Retries are enabled with --retry for the client', 'Retries are enabled with --no-retry for the client'],
  ])('%s | %s', (a, b) => {
    expect(saysTheSame(a, b)).toEqual(false);
  });
});

describe('a tombstone', () => {
  const stone = tombstoneOf(
    'The database password is rotated by the ops team every Monday morning.',
    'global',
    '2026-11-20T10:00:00Z',
  );

  test('recognises the forgotten text in other clothes, in its scope only', () => {
    const again = 'Note: the database password is rotated by the ops team every monday morning';
    expect(isTombstoned(again, 'global', [stone])).toEqual(true);
    expect(isTombstoned(again, 'user', [stone])).toEqual(false);
    expect(isTombstoned(again, 'all', [stone])).toEqual(true);
  });

  test('leaves other texts alone and holds no word of the forgotten one', () => {
    expect(isTombstoned('The deploy password is kept by the platform team in a vault.', 'global', [stone])).toEqual(
      false,
    );
    expect(JSON.stringify(stone)).not.toMatch(/database|monday/i);
  });
});
