import fs from 'node:fs';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/version.ts';

test.each(['package.json', '.codex-plugin/plugin.json'])('the program and %s have one version', (file) => {
  const manifest: { version?: string } = JSON.parse(fs.readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
  expect(manifest.version).toEqual(VERSION);
});
