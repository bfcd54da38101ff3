import { useCodeCache } from './kernel/code-cache.ts';
import { homeFolder } from './kernel/home.ts';

/** Calls that somebody waits for, many times a day. All others, the worker too, leave no trace of having been called. */
const QUICK = ['session-start', 'prompt-recall', 'stop-review', 'recall'];

/** The first line of every bin: what it loads after this comes out of V8's cache. */
const call = process.argv.slice(2).find((word) => QUICK.includes(word));
if (call !== undefined) {
  const { extensions } = require;
  useCodeCache({ programs: import.meta.dirname, home: homeFolder(process.env), call, extensions });
}
