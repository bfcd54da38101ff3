import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { activeVersion } from '../../../src/install/active-version.ts';

test.each([
  [['0.9.0', '0.10.0'], '0.10.0'],
  [['0.10.0', '0.9.0', 'local'], 'local'],
  [['1.0.0'], '1.0.0'],
  [[], undefined],
])('of the cached versions %j Codex uses %s', (versions, active) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-versions-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  for (const version of versions) fs.mkdirSync(path.join(folder, version));

  expect(activeVersion(folder)).toBe(active);
});
