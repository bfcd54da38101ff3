// @ts-check
import { defineConfig } from 'rolldown';

/** Everything the program needs at run time is inside dist/: it runs without node_modules beside it. */
const shared = {
  platform: /** @type {const} */ ('node'),
  external: [/^node:/],
  treeshake: true,
};

export default defineConfig([
  {
    ...shared,
    input: { cli: 'src/cli.ts', csep: 'src/csep.ts' },
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
  },
  {
    // CommonJS, because Node loads a .cjs file without starting its ESM loader: that saves about
    // 3 ms of the 11 ms that a hook may cost (docs/decisions/002-hook-bundle.md).
    ...shared,
    input: { hook: 'src/hook.ts' },
    output: { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'hook-chunks/[name]-[hash].cjs' },
  },
]);
