import { afterEach, describe, expect, test } from 'vitest';
import { innerNode } from '../../../src/kernel/inner-node.ts';

const real: unknown = Reflect.get(process, 'binding');
const quiet: unknown = Reflect.get(process, 'noDeprecation');

afterEach(() => {
  Reflect.set(process, 'binding', real);
});

describe('a part of Node that is not public', () => {
  test('is asked for without a warning, and Node warns of other things again', () => {
    const seen: unknown[] = [];
    Reflect.set(process, 'binding', (name: string) => {
      seen.push(name, Reflect.get(process, 'noDeprecation'));
      return { name };
    });
    expect(innerNode('zlib')).toEqual({ name: 'zlib' });
    expect(seen).toEqual(['zlib', true]);
    expect(Reflect.get(process, 'noDeprecation')).toBe(quiet);
  });

  test.each([
    ['has no such way', undefined],
    [
      'refuses',
      () => {
        throw new Error('No such binding');
      },
    ],
  ])('is missing where Node %s', (_what, binding) => {
    Reflect.set(process, 'binding', binding);
    expect(innerNode('zlib')).toBeUndefined();
    expect(Reflect.get(process, 'noDeprecation')).toBe(quiet);
  });
});
