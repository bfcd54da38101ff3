import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import { askProvider } from '../../../src/health/ask-provider.ts';
import { waitingSince } from '../../../src/health/read-trail.ts';
import { closeToOthers, diskPlace, openPaths } from '../../../src/kernel/disk-place.ts';
import type { World } from '../../../src/kernel/world.ts';
import { tempBucket, tempFolder } from '../../support/temp-bucket.ts';

const KEY = ['sk', 'live', 'Zk3vN8qLr5Ty7Wb2Xc9Md4Hf6'].join('-');

interface Asked {
  url: string;
  body: string;
  authorization: string | undefined;
}

async function provider(status: number, answer: string): Promise<{ world: World; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body, authorization: request.headers.authorization });
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { world: worldFor(address), asked };
}

function worldFor({ port }: AddressInfo): World {
  const { world } = tempBucket();
  return { ...world, env: { ...world.env, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` } };
}

const ask = (world: World) => askProvider(world, { name: 'openai-compatible', settings: DEFAULT_SETTINGS });

describe('doctor --online', () => {
  test('asks for nothing that costs tokens, with the key of the reviewer', async () => {
    const { world, asked } = await provider(400, '{"error":{"message":"you must provide a model parameter"}}');
    const found = await ask(world);

    expect(found.reached).toBe(true);
    expect(asked).toEqual([{ url: '/v1/chat/completions', body: '{}', authorization: `Bearer ${KEY}` }]);
  });

  test.each([401, 403, 404, 500, 503])(
    '%i is trouble, and the message of the provider is shown without the key',
    async (status) => {
      const { world } = await provider(status, `{"error":"the key ${KEY} is\\u001b[31m no good"}`);
      const found = await ask(world);

      expect(found.reached).toBe(false);
      expect(found.says).toMatch(new RegExp(`^${status} from 127\\.0\\.0\\.1`));
      expect(found.says).not.toContain(KEY);
    },
  );

  test.each([200, 400])('a page for people with status %i is trouble: somebody else answers', async (status) => {
    const { world } = await provider(status, '<!doctype html><title>Log in to the network</title>');
    const found = await ask(world);

    expect(found.reached).toBe(false);
    expect(found.says).toContain('HTML page');
  });

  test('too many requests are no broken key', async () => {
    const { world } = await provider(429, '{}');

    expect((await ask(world)).reached).toBe(true);
  });

  test('a host that does not answer is trouble', async () => {
    const { world } = tempBucket();
    const env = { ...world.env, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    const found = await ask({ ...world, env });

    expect(found).toMatchObject({ reached: false });
    expect(found.says).toContain('127.0.0.1:9');
  });

  test('nobody is asked where the reviewer works on this machine', async () => {
    const { world } = tempBucket();

    expect(await askProvider(world, { name: 'heuristic', settings: DEFAULT_SETTINGS })).toMatchObject({
      reached: true,
    });
  });
});

describe('doctor --fix', () => {
  test('closes folders and files to others, keeps read-only files read-only, and follows no link', () => {
    const folder = tempFolder();
    const home = path.join(folder, 'home');
    const outside = path.join(folder, 'outside');
    fs.mkdirSync(path.join(home, 'app'), { recursive: true });
    fs.writeFileSync(outside, 'x');
    fs.symlinkSync(outside, path.join(home, 'link'));
    const modes: [string, number][] = [
      ['.env.provider', 0o644],
      ['app/hook', 0o755],
      ['frozen', 0o444],
      ['closed', 0o600],
    ];
    for (const [name, mode] of modes) {
      fs.writeFileSync(path.join(home, name), '');
      fs.chmodSync(path.join(home, name), mode);
    }
    fs.chmodSync(home, 0o755);
    fs.chmodSync(path.join(home, 'app'), 0o775);
    fs.chmodSync(outside, 0o666);
    const open = openPaths(home);
    for (const found of open) closeToOthers(found);
    const mode = (name: string): number => fs.statSync(path.join(home, name)).mode & 0o777;

    expect(open).toHaveLength(5);
    expect(openPaths(home)).toEqual([]);
    expect(['', 'app', '.env.provider', 'app/hook', 'frozen', 'closed'].map(mode)).toEqual([
      0o700, 0o700, 0o600, 0o700, 0o400, 0o600,
    ]);
    expect(fs.statSync(outside).mode & 0o777).toBe(0o666);
  });
});

test('the disk of a home that is not there yet is that of its parent', () => {
  const folder = tempFolder();
  const place = diskPlace(path.join(folder, 'a', 'b'));

  expect(place?.freeBytes).toBeGreaterThan(0);
  expect(place?.caseInsensitive).toBe(false);
  expect(fs.existsSync(path.join(folder, 'a'))).toBe(false);
});

test('work waits since its oldest turn or envelope came', () => {
  const temp = tempBucket();
  const { layout } = temp.bucket;
  for (const [id, time] of [
    ['0123456789abcdef', '2026-11-20T11:40:00Z'],
    ['123456789abcdef0', '2026-11-20T11:50:00Z'],
  ] as const) {
    temp.deposit(id, []);
    fs.utimesSync(path.join(layout.pending, `${id}.json`), new Date(time), new Date(time));
  }

  expect(waitingSince(null, [layout])).toBe('2026-11-20T11:40:00Z');
  expect(waitingSince('2026-11-20T11:30:00Z', [layout])).toBe('2026-11-20T11:30:00Z');
  expect(waitingSince(null, [])).toBeNull();
});
