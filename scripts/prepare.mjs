// npm runs this after it installed the clone, before it packs, and before it links the clone with
// `npm install -g .`: in a fresh clone that comes before the development tools are there.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const BUNDLER = path.join(ROOT, 'node_modules', 'rolldown', 'bin', 'cli.mjs');

if (!fs.existsSync(BUNDLER)) {
  console.error('The program is not built yet, and the development tools that build it are not installed.');
  console.error('Run `npm ci` in this folder first; it installs them and builds. Then run your command again.');
  process.exit(1);
}
// A hundred lines on what was built say nothing to somebody who installs; what goes wrong is on stderr.
const stdio = /** @type {const} */ (['ignore', 'ignore', 'inherit']);
const { status, error } = spawnSync(process.execPath, [BUNDLER, '-c'], { cwd: ROOT, stdio });
if (error) throw error;
process.exit(status ?? 1);
