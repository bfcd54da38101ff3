import { closeSync, openSync } from 'node:fs';
import { expect } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import { linesBackward, linesForward } from '../../../src/transcript/file-lines.ts';
import type { Line } from '../../../src/transcript/file-lines.ts';
import { temporaryFile } from './rollout-writer.ts';

const text = fc
  .array(
    fc.oneof(fc.constant('\n'), fc.constant('\r\n'), fc.string({ maxLength: 12 }), fc.constant('long'.repeat(20))),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const place = ({ bytes, offset, end }: Line) => ({ text: bytes?.toString('utf8') ?? null, offset, end });

test.prop([text, fc.integer({ min: 1, max: 40 })])(
  'lines read backwards are the lines read forwards, whatever the block size',
  (content, blockBytes) => {
    const bytes = Buffer.from(content);
    const fd = openSync(temporaryFile(bytes), 'r');
    try {
      const limits = { blockBytes, maxLineBytes: 60 };
      const forward = [...linesForward(fd, 0, bytes.length, limits)].map(place);
      const backward = [...linesBackward(fd, 0, bytes.length, limits)].map(place).toReversed();
      expect(backward).toEqual(forward);
      expect(forward.map(({ offset, end }) => bytes.subarray(offset, end).toString()).join('')).toEqual(
        bytes.toString(),
      );
    } finally {
      closeSync(fd);
    }
  },
);
