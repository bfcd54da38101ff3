import { innerNode } from './inner-node.ts';

/** CRC-32 of bytes, as zlib computes it. */
type Crc32 = (bytes: Uint8Array) => number;

let known: Crc32 | undefined;

/**
 * CRC-32 (ISO 3309), by the machine's own code: a process that has just started runs a loop over a kilobyte slower than it
 * reads a megabyte. Loading `node:zlib` costs a hook more than a millisecond, so its inner part is asked for; a Node that
 * no longer gives it away loads the module.
 */
export function crc32(bytes: Uint8Array): number {
  known ??= innerCrc32(innerNode('zlib')) ?? process.getBuiltinModule('node:zlib').crc32;
  return known(bytes);
}

/**
 * The CRC-32 of Node's inner zlib.
 * @param zlib what a Node has there
 * @returns undefined when it is not there or computes something else
 */
export function innerCrc32(zlib: unknown): Crc32 | undefined {
  try {
    const inner: unknown = typeof zlib === 'object' && zlib !== null ? Reflect.get(zlib, 'crc32') : undefined;
    if (typeof inner !== 'function') return undefined;
    const crc: Crc32 = (bytes) => Number(inner(bytes, 0)) >>> 0;
    return crc(CHECK_INPUT) === CHECK_VALUE ? crc : undefined;
  } catch {
    return undefined;
  }
}

/** The check value of the catalogue of CRC algorithms: CRC-32 of "123456789". */
const CHECK_INPUT = Uint8Array.from('123456789', (digit) => digit.charCodeAt(0));
const CHECK_VALUE = 0xcbf43926;
