import http from 'node:http';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { PostRequest } from '../../../src/kernel/http.ts';
import { postJson } from '../../../src/kernel/http.ts';
import { json, listen, modelServer } from './model-server.ts';

const KEY = 'key-Zq81LmNoPq77Rs99';

const aRequest = (parts: Partial<PostRequest> = {}): PostRequest => ({
  service: 'a provider',
  headers: { authorization: `Bearer ${KEY}` },
  body: { question: '?' },
  timeoutMs: 10_000,
  signal: new AbortController().signal,
  env: {},
  ...parts,
});

test('any status is an answer, with headers in lower case and the text as it came', async () => {
  const server = await modelServer(json(418, 'Teekännchen 茶', { 'Retry-After': '5', 'set-cookie': ['a=1', 'b=2'] }));
  expect(await postJson(server.url, aRequest())).toMatchObject({
    ok: true,
    value: { status: 418, headers: { 'retry-after': '5', 'set-cookie': 'a=1' }, text: 'Teekännchen 茶' },
  });
  expect(server.received[0]?.body).toEqual({ question: '?' });
  // Nothing stays open that would keep a worker alive.
  await expect.poll(() => server.connections(), { timeout: 2_000 }).toBe(0);
});

test('the limit of an answer is counted in bytes', async () => {
  const server = await modelServer(json(200, '茶'.repeat(10)));
  expect((await postJson(server.url, aRequest({ maxResponseBytes: 30 }))).ok).toBe(true);
  expect(await postJson(server.url, aRequest({ maxResponseBytes: 29 }))).toEqual({
    ok: false,
    failure: { reason: 'answer-rejected', rule: 'response-size', detail: 'a provider sent more than 29 bytes' },
    transient: false,
  });
});

describe('which addresses are asked', () => {
  test.each([
    ['http://models.example/v1', 'https://, or the key would travel in clear'],
    ['http://127.0.0.1.models.example/v1', 'https://, or the key would travel in clear'],
    ['http://user:secret@127.0.0.1/', 'must not carry a user name'],
    ['ftp://127.0.0.1/', 'must begin with https:// or http://'],
    ['not an address', 'must begin with https:// or http://'],
    ['', 'must begin with https:// or http://'],
  ])('not %s', async (url, fix) => {
    const outcome = await postJson(url, aRequest());
    expect(outcome).toMatchObject({
      ok: false,
      failure: { reason: 'not-configured', fix: expect.stringContaining(fix) },
    });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  test('a host name that nobody knows is a failure', async () => {
    const outcome = await postJson('https://no-such-host.invalid/', aRequest());
    expect(outcome).toMatchObject({ ok: false, failure: { reason: 'model-unreachable' } });
  });
});

test('a server without TLS behind an https address is a failure without a library’s words', async () => {
  const server = await modelServer(json(200, '{}'));
  const outcome = await postJson(server.url.replace('http:', 'https:'), aRequest());
  expect(outcome).toMatchObject({ ok: false, failure: { reason: 'model-unreachable' }, transient: false });
  expect(server.received).toEqual([]);
});

test('a header that cannot be sent is a failure that does not show it', async () => {
  const outcome = await postJson(
    'https://models.example/',
    aRequest({ headers: { authorization: `Bearer ${KEY}\nx` } }),
  );
  expect(outcome).toMatchObject({ ok: false, failure: { reason: 'model-unreachable' }, transient: false });
  expect(JSON.stringify(outcome)).not.toContain('Zq81');
});

/** A proxy that leads every CONNECT to the model server, and notes where it was asked to go. */
async function proxyTo(target: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const { hostname, port } = new URL(target);
  const server = http.createServer();
  server.on('connect', (request: http.IncomingMessage, client: net.Socket) => {
    asked.push(request.url ?? '');
    const upstream = net.connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return { url: await listen(server), asked };
}

describe('a proxy', () => {
  test('is used when the environment names one', async () => {
    const server = await modelServer(json(200, '{}'));
    const proxy = await proxyTo(server.url);
    const request = aRequest({ env: { HTTP_PROXY: proxy.url }, plainHttp: true });
    expect(await postJson('http://models.example/v1', request)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(proxy.asked).toEqual(['models.example:80']);
    expect(server.received[0]?.path).toBe('/v1');
  });

  test('carries https too, and never sees the key', async () => {
    const server = await modelServer(json(200, '{}'));
    const proxy = await proxyTo(server.url);
    const outcome = await postJson('https://models.example/v1', aRequest({ env: { https_proxy: proxy.url } }));
    // What answers behind this proxy speaks no TLS, so the exchange ends before a byte of the request is sent.
    expect(outcome).toMatchObject({ ok: false, failure: { reason: 'model-unreachable' } });
    expect(proxy.asked).toEqual(['models.example:443']);
    expect(server.received).toEqual([]);
  });

  test('is passed by for loopback and for NO_PROXY', async () => {
    const server = await modelServer(json(200, '{}'));
    const proxy = await proxyTo(server.url);
    expect((await postJson(server.url, aRequest({ env: { HTTP_PROXY: proxy.url } }))).ok).toBe(true);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: '.invalid' };
    const outcome = await postJson('http://no-such-host.invalid/', aRequest({ env, plainHttp: true }));
    expect(outcome).toMatchObject({ ok: false, failure: { reason: 'model-unreachable' } });
    expect(proxy.asked).toEqual([]);
  });

  test('with a nonsensical address is a failure, not a throw', async () => {
    const outcome = await postJson('https://models.example/', aRequest({ env: { HTTPS_PROXY: 'no:such:proxy' } }));
    expect(outcome).toMatchObject({ ok: false, transient: false });
  });
});
