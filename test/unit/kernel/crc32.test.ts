import zlib from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
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
    expect(innerCrc32((name: string) => (name === 'zlib' ? zlib : undefined))?.(Buffer.from('fox'))).toBe(
      zlib.crc32('fox'),
    );
  });

  test.each([
    ['has no such part', undefined],
    ['has none for zlib', () => undefined],
    ['has it without CRC-32', () => ({})],
    [
      'refuses to give it away',
      () => {
        throw new Error('No such binding: zlib');
      },
    ],
    ['computes something else', () => ({ crc32: () => 7 })],
  ])('comes from the module when Node %s', (_what, binding) => {
    expect(innerCrc32(binding)).toBeUndefined();
  });

  test('asks for the inside without a warning, and lets Node warn of other things again', async () => {
    const quiet: unknown[] = [];
    const inside = (): typeof zlib => {
      quiet.push(Reflect.get(process, 'noDeprecation'));
      return zlib;
    };
    const before: unknown = Reflect.get(process, 'noDeprecation');
    const real: unknown = Reflect.get(process, 'binding');
    vi.resetModules();
    Reflect.set(process, 'binding', inside);
    try {
      const fresh = await import('../../../src/kernel/crc32.ts');
      expect(fresh.crc32(Buffer.from('fox'))).toBe(zlib.crc32('fox'));
    } finally {
      Reflect.set(process, 'binding', real);
    }
    expect(quiet).toEqual([true]);
    expect(Reflect.get(process, 'noDeprecation')).toBe(before);
  });
});
