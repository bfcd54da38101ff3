import { describe, expect, test } from 'vitest';
import { LIMITS, problemsOf } from '../../../scripts/package-report.mjs';

const REQUIRED = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  '.env.provider.example',
  '.codex-plugin/plugin.json',
  'hooks/hooks.json',
  'dist/package.json',
  'dist/cli.js',
  'dist/csep.js',
  'dist/hook.cjs',
];

const tarball = (more: readonly string[] = [], size = 10) => ({
  filename: 'it.tgz',
  size: 1000,
  unpackedSize: 5000,
  files: [...REQUIRED, ...more].map((path) => ({ path, size })),
});

describe('the report on the tarball', () => {
  test('has nothing against what it should hold', () => {
    expect(problemsOf(tarball(['dist/chunks/doctor-Ab_1-c.cjs', 'schemas/receipt.json', 'README.zh-CN.md']))).toEqual(
      [],
    );
  });

  test.each([
    'test/unit/a.test.ts',
    'src/cli.ts',
    'dist/cli.js.map',
    'dist/chunks/a-b.cjs.map',
    'dist/marketplace/.agents/plugins/marketplace.json',
    'node_modules/a/index.js',
    '.env.provider',
    'bench/bench.mjs',
  ])('is against %s in it', (path) => {
    expect(problemsOf(tarball([path]))).toEqual([`${path} is not expected`]);
  });

  test.each(REQUIRED)('misses %s', (path) => {
    const { files, ...others } = tarball();

    expect(problemsOf({ ...others, files: files.filter((file) => file.path !== path) })).toEqual([
      `${path} is missing`,
    ]);
  });

  test('is against what is too large', () => {
    const { size, unpackedSize, ...others } = tarball([], LIMITS.file + 1);

    expect(problemsOf({ ...others, size, unpackedSize })).toHaveLength(REQUIRED.length);
    expect(problemsOf({ ...tarball(), size: LIMITS.tarball + 1 })).toHaveLength(1);
    expect(problemsOf({ ...tarball(), unpackedSize: LIMITS.unpacked + 1 })).toHaveLength(1);
  });
});
