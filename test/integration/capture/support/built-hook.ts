import path from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Bundles hook.ts as `npm run build` does, into a folder of the test's own: real processes run the
 * sources of now, not a build of before.
 * @returns path of hook.cjs
 */
export async function buildHook(folder: string): Promise<string> {
  const root = path.resolve(import.meta.dirname, '../../../..');
  const bundle = await rolldown({
    cwd: root,
    input: { hook: path.join(root, 'src/hook.ts') },
    platform: 'node',
    external: [/^node:/],
  });
  await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'hook-chunks/[name]-[hash].cjs',
  });
  await bundle.close();
  return path.join(folder, 'hook.cjs');
}
