import { useCodeCache } from './kernel/code-cache.ts';
import { homeFolder } from './kernel/home.ts';

/** Calls that somebody waits for, many times a day. All others, the worker too, leave no trace of having been called. */
const QUICK = ['session-start', 'prompt-recall', 'stop-review', 'recall'];

/** The first line of every bin: what it loads after this comes out of V8's cache. */
if (process.argv.slice(2).some((word) => QUICK.includes(word))) {
  useCodeCache({ programs: import.meta.dirname, home: homeFolder(process.env) });
}
