import { innerNode } from './inner-node.ts';

/** Says that V8 was told. On the global object: the loader of the chunks is a bundle of its own, and they have to know. */
const MARK = Symbol.for('codex-self-evolution.short-life');

/**
 * For a process that lives for some twenty milliseconds: V8 shall not optimize, which takes longer than what it makes fast (5 of
 * 39 ms of a prompt in 10,000 records, and memory). Before any other code of ours, because the code cache is made and used
 * under the same flags.
 */
export function expectShortLife(): void {
  if (setFlag('--no-opt')) Reflect.set(globalThis, MARK, true);
}

/** Before work that may take long after all: a loop of seconds takes several times as long unoptimized. */
export function expectLongLife(): void {
  if (Reflect.has(globalThis, MARK)) setFlag('--opt');
}

/** As in the beginning: V8 refuses a code cache that was made under other flags. */
export function restoreShortLife(): void {
  if (Reflect.has(globalThis, MARK)) setFlag('--no-opt');
}

/** `node:v8` costs more to load than this saves; a Node that does not give its inner part away optimizes as ever. */
function setFlag(flag: string): boolean {
  const inner = innerNode('v8');
  const set: unknown =
    typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'setFlagsFromString') : undefined;
  if (typeof set !== 'function') return false;
  set(flag);
  return true;
}
