import { chunkLoader } from './kernel/code-cache.ts';
import { homeFolder } from './kernel/home.ts';
import { expectShortLife } from './kernel/short-life.ts';

/** Calls that somebody waits for, many times a day. All others, the worker too, leave no trace of having been called. */
const QUICK = ['session-start', 'prompt-recall', 'stop-review', 'recall'];

/** The bundler makes every bin begin with this: `require` of the chunks, from V8's cache where somebody waits. */
export const requireChunk = chunkLoader(require, { programs: import.meta.dirname, cache: quickCache() });

function quickCache(): { home: string; call: string } | undefined {
  const call = process.argv.slice(2).find((word) => QUICK.includes(word));
  if (call === undefined) return undefined;
  expectShortLife();
  try {
    return { home: homeFolder(process.env), call };
  } catch {
    // A user without a home folder: what comes next says so.
    return undefined;
  }
}
