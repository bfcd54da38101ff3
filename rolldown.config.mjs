// @ts-check
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, rolldown } from 'rolldown';
import { pageAssets } from './scripts/page-assets.mjs';

/**
 * Everything the program needs at run time is inside dist/: it runs without node_modules beside it.
 * CommonJS, because Node then never starts its ESM loader: that saves about 3 ms of the 11 ms that
 * a hook may cost (docs/decisions/002-commonjs-bundles.md). Minified, because V8 reads every byte of
 * a file before it runs one: that is 3 ms more of them.
 */
const shared = /** @type {const} */ ({
  platform: 'node',
  external: [/^node:/],
  transform: { define: { LINT_EDITION: JSON.stringify(lintEdition()) } },
});

/** Digest of the rules of src/safety (recall/gate.ts says what it is for). */
function lintEdition() {
  const folder = join(import.meta.dirname, 'src', 'safety');
  const sum = createHash('sha256');
  for (const name of readdirSync(folder).toSorted()) sum.update(name).update(readFileSync(join(folder, name)));
  return sum.digest('hex').slice(0, 16);
}

/** @param {string[]} modules below src/, as patterns without the ending */
const oneOf = (modules) => new RegExp(`src/(${modules.join('|')})\\.ts$|rolldown/runtime`);

const ground = [
  'kernel/(clock|crc32|deferred-log|disk-failure|files|home|inner-node|links|log-file|move-files|pause|process|render-json|short-life|standard-streams|start-detached|write-files)',
  'contracts/(failure|json|outside-name|settings)',
  'config/(quick-settings|setting-variables)',
  'bucket/(bucket-id|git-config|identity|open-bucket|read-facts|set-aside)',
  'assets/(codex-homes|generation-folder|memory-markdown|merge-edit|note-key|read-memory)',
];

/**
 * What every hook needs, in one file, and what `csep recall` needs, in another: to open a file costs
 * a starting Node more than to read a few functions too many. The heavy parts (redaction, lint, the
 * worker, the command parser) stay apart and are loaded by those that need them.
 */
const HOOK_CORE = oneOf([
  ...ground,
  'hooks/(hook-arguments|hook-input|run-hook|session-start-hook|stop-hook)',
  'recall/(context-text|fork-parent|gate|has-records|injected|recall-contract|session-bucket|session-context|start-session)',
  'capture/(enqueue-stop|lease-name|queue-name|work-waits)',
  'trouble/(daily-notice|read-health|step-names|tell-trouble)',
]);
const RECALL_CORE = oneOf([
  ...ground,
  'assets/(note-records|porter|recall-(?!markdown|mirror)[a-z-]+)',
  'recall/(?!recall-batch|recent-prompts|start-session|session-context|session-report|prompt-)[a-z-]+',
  'commands/(command-settings|describe|output|quick-recall|recall-answer|working-folder)',
]);

/**
 * The bundler wraps each built-in module by copying every property of it, a hundred getters for
 * `node:fs` alone; an object that inherits them does the same for a tenth of the time.
 */
const thinBuiltins = {
  name: 'thin-builtins',
  /** @param {string} code */
  renderChunk: (code) =>
    code.replaceAll(
      /\b(\w+)( ?= ?require\("node:[^"]+"\);\s*)\1 ?= ?(?:\w+\.)?\w+\(\1, ?1\)/g,
      '$1$2$1={__proto__:$1,default:$1}',
    ),
};

/**
 * Small chunks that many others ask for: a file costs as much to open as to hold it twice. Of the bundler's own functions many
 * ask for nothing.
 */
const smallOnesInside = {
  name: 'small-ones-inside',
  /** @this {unknown} @param {unknown} _options @param {Record<string, import('rolldown').OutputChunk | import('rolldown').OutputAsset>} bundle */
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? [output] : []));
    const inside = [
      { name: 'rolldown-runtime', within: ({ name }) => ['core', 'recall'].includes(name) },
      { name: 'run-bin', within: ({ isEntry }) => isEntry },
    ];
    for (const { name, within } of inside) {
      const small = chunks.find((chunk) => chunk.name === name);
      if (!small) continue;
      const file = small.fileName.slice(small.fileName.lastIndexOf('/') + 1).replaceAll('.', '\\.');
      const needless = new RegExp(`(^|;)require\\("\\./(?:chunks/)?${file}"\\);`);
      const used = new RegExp(`\\brequire\\("\\./(?:chunks/)?${file}"\\)`);
      for (const chunk of chunks) {
        chunk.code = chunk.code.replace(needless, '$1');
        // What it asks for itself lies beside it, and an entry lies one folder above.
        const code = chunk.isEntry ? small.code.replaceAll('require("./', 'require("./chunks/') : small.code;
        if (within(chunk))
          chunk.code = chunk.code.replace(used, () => `(()=>{let exports={};${code};return exports})()`);
      }
    }
  },
};

/**
 * A chunk as the loader wants it (src/kernel/code-cache.ts): a function around the code, so that nothing is put around it at
 * each start, and ASCII only, because V8 keeps a text with one other letter in twice the memory.
 */
const quickToLoad = {
  name: 'quick-to-load',
  /** @this {unknown} @param {unknown} _options @param {Record<string, import('rolldown').OutputChunk | import('rolldown').OutputAsset>} bundle */
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || chunk.isEntry) continue;
      const code = chunk.code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      chunk.code = `(function(exports,require,module,__filename,__dirname){${code}\n})`;
    }
  },
};

/** dist/ says itself what its .js files are, whatever package it is copied into. */
const saysWhatItIs = {
  name: 'dist-package-json',
  /** @this {import('rolldown').PluginContext} */
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

/** npm marks the bins of a package that it installs; of one that it links (`npm install -g .`) it does not. */
const runnable = {
  name: 'runnable-bins',
  /** @param {{ dir?: string }} output @param {Record<string, { type: string, isEntry?: boolean }>} bundle */
  writeBundle({ dir = '' }, bundle) {
    for (const [name, { type, isEntry }] of Object.entries(bundle))
      if (type === 'chunk' && isEntry) chmodSync(join(dir, name), 0o755);
  },
};

/** What every bin begins with, whole: its chunks are loaded by it. A file of its own would cost what it saves. */
async function chunkLoader() {
  const bundle = await rolldown({ ...shared, input: 'src/code-cache.ts', plugins: [thinBuiltins] });
  const { output } = await bundle.generate({ format: 'cjs', minify: true });
  await bundle.close();
  return `try{require=(exports=>{${output[0].code.trim()};return exports.requireChunk})({})}catch{}`;
}
const CHUNK_LOADER = await chunkLoader();
/** @param {import('rolldown').RenderedChunk} chunk */
const withLoader = (chunk) => (chunk.isEntry ? CHUNK_LOADER : '');

export default defineConfig([
  {
    ...shared,
    preserveEntrySignatures: 'allow-extension',
    input: { cli: 'src/cli.ts', csep: 'src/csep.ts' },
    plugins: [saysWhatItIs, runnable, pageAssets, thinBuiltins, smallOnesInside, quickToLoad],
    output: {
      dir: 'dist',
      format: 'cjs',
      minify: true,
      banner: withLoader,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'recall', test: RECALL_CORE }] },
      cleanDir: true,
    },
  },
  {
    // Apart from the commands, so that no chunk is cut for their sake: a hook opens few files.
    ...shared,
    preserveEntrySignatures: 'allow-extension',
    input: { hook: 'src/hook.ts' },
    plugins: [thinBuiltins, smallOnesInside, quickToLoad],
    output: {
      dir: 'dist',
      format: 'cjs',
      minify: true,
      banner: withLoader,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'hook-chunks/[name]-[hash].cjs',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'core', test: HOOK_CORE }] },
    },
  },
]);
