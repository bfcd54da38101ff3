import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32, innerCrc32 } from '../../../src/kernel/crc32.ts';

describe('CRC-32', () => {
  test('is that of the catalogue', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  test('of a part of a buffer is that of its bytes', () => {
    expect(crc32(Buffer.from('The quick brown fox').subarray(4, 9))).toBe(zlib.crc32('quick'));
  });

  test('comes from the inside of a Node that gives it away', () => {
    expect(innerCrc32(zlib)?.(Buffer.from('fox'))).toBe(zlib.crc32('fox'));
  });

  test.each([
    ['is not there', undefined],
    ['has no CRC-32', {}],
    ['computes something else', { crc32: () => 7 }],
    [
      'throws',
      {
        crc32: () => {
          throw new Error('another signature');
        },
      },
    ],
  ])('comes from the module when the inside %s', (_what, inner) => {
    expect(innerCrc32(inner)).toBeUndefined();
  });
});
