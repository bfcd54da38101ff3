// @ts-check
/**
 * Writes src/safety/poison-table.ts from the corpora and prints what cross-validation says:
 * `node scripts/train-poison-model.mjs`. Node 20 cannot run TypeScript, so the training is bundled first.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

// Beside the training, so that it finds the corpora from where it lies.
const folder = mkdtempSync(path.join(import.meta.dirname, '.training-'));
try {
  const bundle = await rolldown({
    input: path.join(import.meta.dirname, 'poison-training.ts'),
    platform: 'node',
    external: [/^node:/],
    transform: { define: { 'import.meta.dirname': JSON.stringify(import.meta.dirname) } },
  });
  const file = path.join(folder, 'training.mjs');
  await bundle.write({ file, format: 'esm' });
  const { trainedTable, tableSource } = await import(file);
  const { table, curve } = trainedTable();
  writeFileSync(path.join(import.meta.dirname, '..', 'src', 'safety', 'poison-table.ts'), tableSource(table));
  console.log(curve);
  console.log(`threshold ${table.threshold}, doubt ${table.doubt}, ${table.weights.length} characters of weights`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
