#!/usr/bin/env node
// @ts-check
// What `npm pack` would put into the tarball of the built program, and how large it is:
//   node scripts/package-report.mjs [--json]
// Exits with 1 when something is in it that nobody needs, or missing, or too large.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { argv, exit, platform, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Bytes. Twice of what the tarball and its largest file have: a dependency that slips in is seen, a feature is not. */
export const LIMITS = { tarball: 1_600_000, unpacked: 5_000_000, file: 1_100_000 };

/** Every file of the tarball matches one of them. */
const EXPECTED = [
  /^(?:package\.json|README(?:\.[\w-]+)?\.md|LICENSE|CHANGELOG\.md|\.env\.provider\.example)$/,
  /^\.codex-plugin\/plugin\.json$/,
  /^hooks\/hooks\.json$/,
  /^schemas\/[\w.-]+\.json$/,
  /^dist\/(?:package\.json|cli\.js|csep\.js|hook\.cjs)$/,
  /^dist\/(?:chunks|hook-chunks)\/[\w-]+\.cjs$/,
];

/** Without these it does not run, or may not be given away. */
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

/**
 * @typedef {{ path: string, size: number }} PackedFile
 * @typedef {{ filename: string, size: number, unpackedSize: number, files: PackedFile[] }} Packed sizes in bytes
 */

/**
 * Asks npm, which writes nothing.
 * @param {string} root
 * @returns {Packed}
 */
export function packed(root) {
  const asked = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    shell: platform === 'win32',
  });
  if (asked.status !== 0) throw new Error(`npm pack ended with ${asked.status}: ${asked.stderr}`);
  return JSON.parse(asked.stdout)[0];
}

/**
 * What is wrong with a tarball, in words; nothing when all is well.
 * @param {Packed} tarball
 * @returns {string[]}
 */
export function problemsOf({ files, size, unpackedSize }) {
  const paths = files.map((file) => file.path);
  return [
    ...paths.filter((file) => !EXPECTED.some((pattern) => pattern.test(file))).map((file) => `${file} is not expected`),
    ...REQUIRED.filter((file) => !paths.includes(file)).map((file) => `${file} is missing`),
    ...files
      .filter((file) => file.size > LIMITS.file)
      .map((file) => `${file.path} has ${file.size} bytes, more than ${LIMITS.file}`),
    ...(size > LIMITS.tarball ? [`the tarball has ${size} bytes, more than ${LIMITS.tarball}`] : []),
    ...(unpackedSize > LIMITS.unpacked ? [`unpacked it has ${unpackedSize} bytes, more than ${LIMITS.unpacked}`] : []),
  ];
}

/** @param {Packed} tarball */
function textOf({ filename, size, unpackedSize, files }) {
  const largest = files.toSorted((a, b) => b.size - a.size).slice(0, 5);
  return [
    `${filename}: ${kilobytes(size)}, unpacked ${kilobytes(unpackedSize)}, ${files.length} files; the largest:`,
    ...largest.map((file) => `  ${kilobytes(file.size).padStart(8)}  ${path.posix.normalize(file.path)}`),
  ].join('\n');
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;

/** @param {string[]} words */
function main(words) {
  const tarball = packed(fileURLToPath(new URL('..', import.meta.url)));
  const problems = problemsOf(tarball);
  stdout.write(words.includes('--json') ? `${JSON.stringify({ ...tarball, problems })}\n` : `${textOf(tarball)}\n`);
  for (const problem of problems) stderr.write(`package: ${problem}\n`);
  if (problems.length > 0) exit(1);
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) main(argv.slice(2));
