import { expect, test } from 'vitest';
import { redact } from '../../../src/safety/redact.ts';
import { redactBuiltin } from '../../../src/safety/redact-builtin.ts';

const TOKEN = `ghp_${'aB3dE5fG7h'.repeat(4).slice(0, 36)}`;

test.each([
  ['redact', redact],
  ['redactBuiltin', redactBuiltin],
])('%s takes a word of megabytes out, and redacts what stands around it', (_, redacted) => {
  const text = `before ${TOKEN}\n${'A'.repeat(9_000_000)}\nafter ${TOKEN} end`;
  expect(redacted(text)).toMatch(
    /^before \[redacted:[a-z-]+\]\n\[redacted:giant-word\]\nafter \[redacted:[a-z-]+\] end$/,
  );
});

test('a giant word at either end, and what is long without being one word', () => {
  const giant = 'x'.repeat(250_001);
  expect(redactBuiltin(`${giant} and ${giant}`)).toBe('[redacted:giant-word] and [redacted:giant-word]');
  const prose = 'some plain words of a long text '.repeat(10_000);
  expect(redactBuiltin(prose)).toBe(prose);
});
