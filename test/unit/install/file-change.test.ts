import { expect, test } from 'vitest';
import { tell } from '../../../src/install/file-change.ts';

test('a file that is made has no line that goes, and one that is removed has none that comes', () => {
  expect(tell({ path: '/x', before: undefined, after: 'a\nb\n' })).toMatchObject({
    action: 'created',
    diff: '+ a\n+ b',
  });
  expect(tell({ path: '/x', before: 'a\nb\n', after: undefined })).toMatchObject({
    action: 'removed',
    diff: '- a\n- b',
  });
  expect(tell({ path: '/x', before: 'a\n\nb\n', after: 'a\n\nc\n' }).diff).toBe('  a\n  \n- b\n+ c');
});

test('a file with secrets shows none of its lines', () => {
  expect(tell({ path: '/x', before: 'KEY=1', after: 'KEY=2', secret: true }).diff).toBe('(not shown)');
});
