// @ts-check
// The report page's script and style sheet as text inside the program: compiles src/report/page/ and puts the result in
// the place of src/report/page-assets.ts, which says what there is.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const PLACE = /[\\/]src[\\/]report[\\/]page-assets\.ts$/;

/** @type {import('rolldown').Plugin} */
export const pageAssets = {
  name: 'page-assets',
  load: {
    filter: { id: PLACE },
    async handler(id) {
      const folder = join(dirname(id), 'page');
      for (const name of readdirSync(folder)) this.addWatchFile(join(folder, name));
      const assets = JSON.stringify({ script: await scriptOf(folder), style: styleOf(folder) });
      return { code: `export const PAGE_ASSETS = ${assets};`, moduleType: 'js' };
    },
  },
};

/** @param {string} folder */
async function scriptOf(folder) {
  const bundle = await rolldown({ input: join(folder, 'main.ts'), platform: 'browser', tsconfig: false });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  return output[0].code.trim();
}

/**
 * All style sheets in the order of their names, without comments and indentation.
 * @param {string} folder
 */
function styleOf(folder) {
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
  const text = sheets
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
}
