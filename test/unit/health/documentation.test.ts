import fs from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS } from '../../../src/health/doctor.ts';

test('docs/doctor.md explains every check, and no other', () => {
  const page = fs.readFileSync('docs/doctor.md', 'utf8');
  const explained = [...page.matchAll(/^\| `([a-z-]+)` /gm)].map(([, name]) => name);

  expect(explained).toEqual(Object.keys(CHECKS));
});
