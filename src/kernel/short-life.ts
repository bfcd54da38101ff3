import { innerNode } from './inner-node.ts';

/**
 * For a process that lives for some twenty milliseconds: V8 shall not optimize, which takes longer than what it makes fast (5 of
 * 39 ms of a prompt in 10,000 records, and memory). Before any other code of ours, because the code cache is made and used
 * under the same flags. `node:v8` costs more to load than this saves; a Node that does not give its inner part away
 * optimizes as ever.
 */
export function expectShortLife(): void {
  const inner = innerNode('v8');
  const set: unknown =
    typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'setFlagsFromString') : undefined;
  if (typeof set === 'function') set('--no-opt');
}
