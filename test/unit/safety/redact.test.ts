import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { redactBuiltin } from '../../../src/safety/redact-builtin.ts';
import { redact, redactDeep } from '../../../src/safety/redact.ts';
import { lookAlikes } from '../../corpora/look-alikes.ts';
import { FIXED_SEED, dice, runSeed } from '../../corpora/random.ts';
import { leaks, plantedSecrets } from '../../corpora/secrets.ts';
import { figures, GROWTH_LIMIT, growthOf, report } from './measure.ts';

const seed = runSeed();
report(`secrets: CSEP_CORPUS_SEED=${seed}`);

const PER_KIND = 6;
const halves = [
  ['fixed', FIXED_SEED],
  ['generated', seed],
] as const;

describe.each(halves)('the %s half of the corpus of secrets', (half, from) => {
  const planted = plantedSecrets(dice(from), PER_KIND);
  const innocent = lookAlikes(dice(from), PER_KIND);

  test('has at least 45 kinds', () => {
    expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(45);
  });

  test('loses at least 99 % of its secrets', () => {
    const missed = planted.filter(({ text, secret }) => leaks(redact(text), secret));
    report(figures(`${half} secrets kept`, planted, missed));
    expect(missed.length / planted.length).toBeLessThanOrEqual(0.01);
  });

  test('loses at least 94 % of them by the small rules of the hooks alone', () => {
    const missed = planted.filter(({ text, secret }) => leaks(redactBuiltin(text), secret));
    expect(missed.length / planted.length).toBeLessThanOrEqual(0.06);
  });

  test('leaves more than 99 % of the look-alikes untouched', () => {
    const touched = innocent.filter(({ text }) => redact(text) !== text);
    report(figures(`${half} look-alikes touched`, innocent, touched));
    expect(touched.length / innocent.length).toBeLessThan(0.01);
  });

  test('does not change when it is redacted twice', () => {
    const texts = [...planted, ...innocent].map(({ text }) => text);
    expect(texts.filter((text) => redact(redact(text)) !== redact(text))).toEqual([]);
    expect(texts.filter((text) => redactBuiltin(redactBuiltin(text)) !== redactBuiltin(text))).toEqual([]);
  });
});

/** What rules look for, in any order: this finds where one replacement makes another rule fire. */
const crumbs = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'password',
        'token',
        'API_KEY',
        '=',
        ': ',
        ':',
        '"',
        "'",
        ' ',
        '\n',
        '\\n',
        '\\"',
        '@',
        '://',
        'a:',
        ';',
        '&',
        '?',
        'Authorization',
        'Bearer ',
        'Cookie: a=',
        '[redacted:x]',
        '[redacted:',
        ']',
        'curl -u ',
        '-----BEGIN RSA PRIVATE',
        ' KEY-----',
        '-----END',
        '密码是',
        'is ',
        '--',
        '/',
        '{',
        '}',
      ),
      fc.string({ maxLength: 12 }),
      fc.stringMatching(/^[A-Za-z0-9]{8,40}$/),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

property.prop([crumbs], { numRuns: 1000 })('redacting twice is redacting once, whatever the text', (text) => {
  expect(redactBuiltin(redactBuiltin(text))).toEqual(redactBuiltin(text));
  expect(redact(redact(text))).toEqual(redact(text));
});

describe('redact', () => {
  const secret = ['gh', 'p_', 'a1B2c3D4'.repeat(4), 'e5F6'].join('');

  test('names the kind and keeps what stands around', () => {
    expect(redact(`use ${secret}, please`)).toEqual('use [redacted:github-token], please');
  });

  test('keeps the host and the user of a URL', () => {
    expect(redact('postgres://app:tr0ub4dor@db.internal.net/prod')).toEqual(
      'postgres://app:[redacted:url-password]@db.internal.net/prod',
    );
  });

  test('cannot be switched off by a comment in the text', () => {
    expect(redact(`// secretlint-disable\n${secret}`)).not.toContain(secret);
  });

  test('takes the kinds that only the kept library knows', () => {
    const token = ['gl', 'c_', 'QUJD'.repeat(10)].join('');
    expect(redact(`"${token}"`)).toMatch(/\[redacted:[a-z-]+\]/);
  });

  test('leaves an ordinary text as it is', () => {
    const text = 'Run `npm test` before you push; the token count was 4,096 and the password field is required.';
    expect(redact(text)).toEqual(text);
  });
});

describe('a password in a sentence', () => {
  test.each([
    ['use password=hunter2secretXY to log in', 'use password=[redacted:password] to log in'],
    ['the password: hunter2secretXY works', 'the password: [redacted:password] works'],
    ['set password = correcthorsebattery9 there', 'set password = [redacted:password] there'],
    ['log in with passwd=correcthorse there', 'log in with passwd=[redacted:password] there'],
    ['It is `passwd=correcthorse`.', 'It is `passwd=[redacted:password]`.'],
  ])('%s', (text, redacted) => {
    expect(redactBuiltin(text)).toBe(redacted);
  });

  test.each([
    'use password = getPassword() in code',
    'use password = decrypt2fa(blob) in code',
    'the argument password: string is new',
    'here password: Argon2Hash is stored',
    'run it with password=$DB_PASSWORD set',
    'the password: required, always',
    'send password=<your password> along',
    'so password = newPassword2; it is checked',
    'use password=config.password2 here',
    'call login(user, password=candidatename) first',
    'call login(password=candidatename) first',
    'the flag password=disabled stays',
    'say password=authentication is off',
    '`password=yourpassword` goes here',
  ])('is none in: %s', (text) => {
    expect(redactBuiltin(text)).toBe(text);
  });
});

describe('a value that is not where the name is', () => {
  const HIDDEN = '[redacted:password]';
  test.each([
    ['password: |\n  hunter2 secretXY\nuser: bob', `password: |\n  ${HIDDEN}\nuser: bob`],
    ['db:\n  password: >-\n    hunter2\n    secretXY\n  port: 1', `db:\n  password: >-\n    ${HIDDEN}\n  port: 1`],
    ['password: |-  # mine\n\n   hunter2secretXY', `password: |-  # mine\n\n   ${HIDDEN}`],
    ['curl -u "bob:pa ss9word" https://x.y', `curl -u "bob:${HIDDEN}" https://x.y`],
    ["curl --user 'bob:pa ss9word' https://x.y", `curl --user 'bob:${HIDDEN}' https://x.y`],
    ['"curl -u \\"bob:pa ss9word\\" x"', `"curl -u \\"bob:${HIDDEN}\\" x"`],
    ['curl -u CORP\\bob:pass9word x', `curl -u CORP\\bob:${HIDDEN} x`],
    ['sshpass -p "my pass word9" ssh x', `sshpass -p "${HIDDEN}" ssh x`],
    ["sshpass -p 'my pass word9' ssh x", `sshpass -p '${HIDDEN}' ssh x`],
    ['setx OPENAI_API_KEY abcdefgh1234', 'setx OPENAI_API_KEY [redacted:key]'],
    ['setx DB_PASSWORD "correct horse" /M', `setx DB_PASSWORD "${HIDDEN}" /M`],
    ['C:\\> setx.exe "DB_PASSWORD" "correct horse"', `C:\\> setx.exe "DB_PASSWORD" "${HIDDEN}"`],
  ])('%j', (text, redacted) => {
    expect(redactBuiltin(text)).toBe(redacted);
    expect(redactBuiltin(redacted)).toBe(redacted);
  });

  test.each([
    'password: |\nuser: bob',
    'password: |\n  ${DB_PASSWORD}',
    'password: |\n  Enter your password, please.',
    'secrets: |\n  "github_token=${{ secrets.GITHUB_TOKEN }}"',
    'Use setx API_KEY to keep it.',
    'setx PATH "%PATH%;C:\\bin"',
    'setx API_KEY %API_KEY%',
    'curl -u "$USER:$PASS WORD" https://x.y',
    'sshpass -p "$PASS" ssh x',
  ])('is none in: %j', (text) => {
    expect(redactBuiltin(text)).toBe(text);
  });
});

describe('a private key that a program printed with something before each line', () => {
  const lines = [
    ['-----BEGIN RSA PRIVATE', ' KEY-----'].join(''),
    ...Array.from({ length: 5 }, () => 'aB3dE6gH'.repeat(8)),
    'qX9=',
    ['-----END RSA PRIVATE', ' KEY-----'].join(''),
  ];
  test.each<[string, (line: string, index: number) => string]>([
    ['a rule', (line) => `│ ${line}`],
    ['a number and a rule', (line, index) => `   ${index + 8} │ ${line}`],
    ['a number and an arrow', (line, index) => `    ${index + 8}→${line}`],
    ['a number and a tab', (line, index) => `     ${index + 8}\t${line}`],
  ])('goes with %s, whole or cut', (_, printed) => {
    const whole = lines.map(printed);
    for (const text of [whole, whole.slice(0, -1), whole.slice(1)]) {
      const redacted = redactBuiltin(
        ['before', ...text, ...(text.length === whole.length ? ['after'] : [])].join('\n'),
      );
      expect(redacted).toContain('[redacted:private-key]');
      expect(redacted).not.toContain('aB3dE6gH');
    }
  });
});

describe('redactDeep', () => {
  test('keeps the ids that name sessions, turns and suggestions', () => {
    const uuid = '0199c0de-0000-7000-8000-00000000000a';
    const ids = { session_id: uuid, thread_id: uuid, turn_id: uuid, suggestion_id: '0123456789abcdef' };
    expect(redactDeep(ids)).toEqual(ids);
    expect(redact(JSON.stringify(ids))).toBe(JSON.stringify(ids));
  });

  test('takes the ids and cookies that open sessions', () => {
    const random = 'aB3dE5gH7jK9mN1pQ3sT';
    expect(redactDeep({ session_id: random, session_cookie: random, session_token: '0123456789abcdef' })).toEqual({
      session_id: '[redacted:key]',
      session_cookie: '[redacted:key]',
      session_token: '[redacted:token]',
    });
    expect(redact('Set-Cookie: session_id=0199c0de0000f7a0; Path=/')).toBe('Set-Cookie: [redacted:cookie]');
  });

  test('redacts strings at every depth and keeps keys and other values', () => {
    const input = { a: [1, true, null, { note: 'password=hunter2secret' }] };
    expect(redactDeep(input)).toEqual({ a: [1, true, null, { note: 'password=[redacted:password]' }] });
  });

  test('takes the string of a member whose key names a secret', () => {
    expect(redactDeep({ password: 'swordfish', max_tokens: '4096', idempotency_key: 'a'.repeat(64) })).toEqual({
      password: '[redacted:password]',
      max_tokens: '4096',
      idempotency_key: 'a'.repeat(64),
    });
  });

  test('keeps two keys apart that differ only in a secret', () => {
    const keys = ['x', 'y'].map((end) => ['gh', 'p_', 'a1B2c3D4'.repeat(4), 'e5F', end].join(''));
    const output = redactDeep(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(output).toEqual({ '[redacted:github-token]': 1, '[redacted:github-token]-2': 1 });
  });

  test('does not change its input', () => {
    const input = Object.freeze({ token: 'abc12345xyz' });
    redactDeep(input);
    expect(input.token).toEqual('abc12345xyz');
  });
});

describe('the time of redacting grows with the length, not with its square', () => {
  const hostile = [
    'a',
    'eyJ',
    'ask-',
    'password',
    'password="',
    '?sig=',
    '-----BEGIN RSA PRIVATE KEY-----\n'.replace('KEY', 'KEY'),
    'http://a:b',
    'Cookie: a=',
    'curl -u ',
    'aB3/',
    '[redacted:',
    'token_',
    ' ',
    '\\"',
    '密码是',
    'sk-',
    'A',
    'r8_aB',
    'password: |\n  ',
    'setx A_TOKEN ',
    'sshpass -p "a ',
    'curl -u "a:b ',
    '│ -----BEGIN RSA PRIVATE KEY-----\n│ '.replace('KEY', 'KEY'),
  ];
  test.each(hostile)('for a text made of %j', (unit) => {
    expect(growthOf(redact, unit)).toBeLessThan(GROWTH_LIMIT);
  });
});
