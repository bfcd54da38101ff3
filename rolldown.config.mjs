// @ts-check
import { defineConfig } from 'rolldown';

/**
 * Everything the program needs at run time is inside dist/: it runs without node_modules beside it.
 * CommonJS, because Node then never starts its ESM loader: that saves about 3 ms of the 11 ms that
 * a hook may cost (docs/decisions/002-commonjs-bundles.md).
 */
const shared = /** @type {const} */ ({
  platform: 'node',
  external: [/^node:/],
});

/**
 * What every hook needs, in one file: to open a file costs a starting Node more than to read a few
 * functions too many. The heavy parts (redaction, lint, the index, the worker) stay apart and are
 * loaded by the hook that needs them.
 */
const HOOK_CORE = new RegExp(
  'src/(' +
    [
      'kernel/(clock|deferred-log|disk-failure|files|home|log-file|move-files|pause|process|render-json|standard-streams)',
      'contracts/(failure|json|outside-name)',
      'hooks/(hook-arguments|hook-input|session-start-hook|stop-hook)',
      'bucket/(bucket-id|git-config|identity|open-bucket|read-facts|set-aside)',
      'assets/(codex-homes|generation-folder|memory-markdown|merge-edit|read-memory)',
      'recall/(context-text|fork-parent|gate|has-records|injected|note-key|recall-contract|session-bucket|session-context|start-session)',
      'capture/(enqueue-stop|lease-name|queue-name)',
    ].join('|') +
    ')\\.ts$',
);

/** dist/ says itself what its .js files are, whatever package it is copied into. */
const saysWhatItIs = {
  name: 'dist-package-json',
  /** @this {import('rolldown').PluginContext} */
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

export default defineConfig([
  {
    ...shared,
    input: { cli: 'src/cli.ts', csep: 'src/csep.ts' },
    plugins: [saysWhatItIs],
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      cleanDir: true,
    },
  },
  {
    // Apart from the commands, so that no chunk is cut for their sake: a hook opens few files.
    ...shared,
    input: { hook: 'src/hook.ts' },
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'hook-chunks/[name]-[hash].cjs',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'core', test: HOOK_CORE }] },
    },
  },
]);
