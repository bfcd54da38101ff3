import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { leaksBelow } from '../../support/leaks.ts';
import { PLANTED } from '../../support/planted.ts';
import { FIXED_SEED, dice } from '../../corpora/random.ts';

const [planted = ''] = PLANTED;
const shaped = [
  'gh',
  'p_',
  dice(FIXED_SEED).chars('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 36),
].join('');

/** A home below the folder of the run, which is gone with it; removing it here would be reported as a leak. */
function homeWith(file: string, text: string): string {
  const folder = fs.mkdtempSync(path.join(process.env['HOME'] ?? '', 'leaks-'));
  const at = path.join(folder, 'home', file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.mkdirSync(path.join(folder, 'home', 'projects'), { recursive: true });
  fs.writeFileSync(at, text);
  return folder;
}

describe('the search for secrets in what tests leave', () => {
  test.each([
    ['a planted secret', 'projects/x/memory.json', `{"content": "${planted}"}`],
    ['what has the shape of a token', 'logs/plugin.log', `401 for ${shaped}\n`],
  ])('finds %s and says where', (_, file, text) => {
    const folder = homeWith(file, text);
    const [leak = '', ...others] = leaksBelow(folder);
    expect(others).toEqual([]);
    expect(leak).toMatch(new RegExp(`${path.basename(file)}: .{8}…$`));
    expect(leak).not.toContain(planted);
  });

  test.each([
    ['in the file where the user keeps the key', '.env.provider', `OPENAI_API_KEY=${shaped}`],
    ['when everything is redacted', 'projects/x/memory.json', '{"content": "[redacted:github]"}'],
  ])('finds nothing %s', (_, file, text) => {
    expect(leaksBelow(homeWith(file, text))).toEqual([]);
  });
});
