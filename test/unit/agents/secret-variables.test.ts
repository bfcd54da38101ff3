import { describe, expect, test } from 'vitest';
import { secretsIn } from '../../../src/agents/secret-variables.ts';

const KEY = 'Zq81LmNoPq77Rs99';

describe('the value of a variable is a key', () => {
  test.each([
    'OPENAI_API_KEY',
    'MY_APIKEY',
    'GITHUB_TOKEN',
    'GITHUB_TOKEN_2',
    'TOKEN2',
    'DB_PASSWORD',
    'PGPASSWORD',
    'AWS_SECRET_ACCESS_KEY',
    'SECRET_KEY_BASE',
    'secretKeyBase',
    'apiKeyOfProd',
    'npm_config__authToken',
    'DEPLOY_KEYS',
  ])('of %s', (name) => {
    expect(secretsIn({ [name]: KEY })).toEqual([KEY]);
  });

  test.each([
    ['in base64 that begins with a slash', { A_KEY: '/Zq81/LmNoPq77Rs99+abcd' }],
    ['in a variable named after a file', { A_KEY_FILE: KEY }],
    ['in PEM, in a variable named after a file', { A_KEY_FILE: '/-----BEGIN KEY-----\nZq81Lm' }],
    ['as the user of an address', { A_TOKEN_URL: `https://${KEY}@git.example/a` }],
    ['in the query of an address', { A_TOKEN_URL: `https://git.example/a?k=${KEY}` }],
    ['in the path of an address', { A_SECRET_URL: `https://git.example/hooks/${KEY}` }],
  ])('%s', (_, env) => {
    expect(secretsIn(env)).toEqual(Object.values(env));
  });
});

describe('no key is', () => {
  test.each([
    ['SSH_KEY_PATH', '/home/me/.ssh/id_ed25519'],
    ['SSH_KEY', '/home/me/.ssh/id_ed25519'],
    ['SSH_KEY', String.raw`C:\Users\me\.ssh\id_ed25519`],
    ['TLS_KEY_FILE', '/code/certificates/server.pem'],
    ['TLS_KEY_FILE', 'certificates/server.pem'],
    ['GNOME_KEYRING_CONTROL', '/run/user/1000/keyring'],
    ['KEYBOARD_LAYOUT', 'de-latin1-nodeadkeys'],
    ['OAUTH_TOKEN_URL', 'https://login.example.com/oauth/v2/token'],
    ['SOME_KEY', 'short'],
    ['PATH', '/usr/local/bin:/usr/bin'],
  ])('%s=%s', (name, value) => {
    expect(secretsIn({ [name]: value })).toEqual([]);
  });
});
