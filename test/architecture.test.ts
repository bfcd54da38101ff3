import { cruise } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import config from '../.dependency-cruiser.mjs';

test('src imports only downwards, has one door per package, and keeps its pure files pure', async () => {
  const { output } = await cruise(['src'], {
    ...config.options,
    ruleSet: { forbidden: config.forbidden ?? [] },
    validate: true,
  });
  if (typeof output === 'string') throw new Error('expected a result, not a report');
  // A cruise that saw nothing also finds no violations.
  expect(output.summary.totalCruised).toBeGreaterThan(100);
  expect(
    output.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`),
  ).toEqual([]);
}, 60_000);
