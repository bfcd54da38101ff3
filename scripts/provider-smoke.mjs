#!/usr/bin/env node
// @ts-check
// One small review by a real provider, with the built program:
//   node scripts/provider-smoke.mjs minimax|openai-compatible|anthropic-style [--keys FILE]
// Needs the provider's key, in the environment or in FILE (default: ~/.codex-self-evolution/.env.provider), and costs a
// few thousand tokens. Prints the structured answer, and what was sent where; never the key. The program asks a relay
// on the loopback, which asks the provider: the metadata are those of the request that was really made.
// (Not --env-file: Node takes a flag of that name for its own, wherever it stands.)
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EnvHttpProxyAgent, request } from 'undici';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PROVIDERS = ['minimax', 'openai-compatible', 'anthropic-style'];
const DEADLINE_MS = 300_000;
/** Something that every reviewer should keep. */
const TRANSCRIPT = `User: Run the tests of the refunds module.
Assistant: I run \`pytest tests/refunds -q\`. It fails: pytest is not installed in the system environment.
User: In this repository always use \`uv run pytest\`, never plain pytest. Please remember that.
Assistant: Understood. \`uv run pytest tests/refunds -q\` passes: 14 passed.`;
const NOT_ON = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'accept-encoding']);

/**
 * @typedef {object} Asked one request as it went to the provider
 * @property {string} url without its query, which may hold a key
 * @property {string} model
 * @property {number | null} max_tokens
 * @property {string[]} headers names only
 * @property {number} bytes of the body
 * @property {number} status 0: no answer came
 * @property {number} milliseconds
 */

const [provider = '', ...rest] = process.argv.slice(2);
if (!PROVIDERS.includes(provider) || (rest.length > 0 && (rest[0] !== '--keys' || rest.length !== 2))) {
  console.error(`usage: node scripts/provider-smoke.mjs ${PROVIDERS.join('|')} [--keys FILE]`);
  process.exit(2);
}
const envFile = rest[1] ?? path.join(os.homedir(), '.codex-self-evolution', '.env.provider');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-smoke-'));
/** The environment wins over the file, as it does for the program. */
const env = {
  ...variablesOf(envFile),
  ...process.env,
  HOME: work,
  CODEX_HOME: path.join(work, 'codex'),
  CODEX_SELF_EVOLUTION_HOME: path.join(work, 'home'),
  CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: provider,
};
try {
  process.exitCode = await smoke();
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

/** @returns {Promise<number>} exit code */
async function smoke() {
  const told = await program(['config', 'show', '--json'], env);
  if (told.status !== 0) return complain(told.stderr);
  const { key, values } = JSON.parse(told.stdout).reviewer;
  if (!key.set) {
    return complain(
      `${provider} needs a key: set ${key.variable} in the environment, or write ${key.variable}=… into ${envFile}\n`,
    );
  }
  const relay = await startRelay(values['reviewer.base_url'].value);
  try {
    const review = await program(['stop-review', '--hook-payload', payload(), '--json'], {
      ...env,
      CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL: relay.url,
    });
    console.log(JSON.stringify({ provider, requests: relay.asked }, null, 2));
    if (review.status !== 0) return complain(review.stderr);
    const { pending_suggestion_path: envelope, ...counts } = JSON.parse(review.stdout);
    const suggestions = envelope === null ? [] : JSON.parse(fs.readFileSync(envelope, 'utf8')).suggestions;
    console.log(JSON.stringify({ answer: { suggestions, skipped: counts.skipped_suggestions } }, null, 2));
    return 0;
  } finally {
    await relay.close();
  }
}

/** @param {string} text */
function complain(text) {
  process.stderr.write(text);
  return 1;
}

/** @param {string} file lines of KEY=value @returns {Record<string, string>} */
function variablesOf(file) {
  if (!fs.existsSync(file)) return {};
  const pairs = fs
    .readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim().replace(/^(["'])(.*)\1$/, '$2')]];
    });
  return Object.fromEntries(pairs);
}

function payload() {
  const file = path.join(work, 'stop.json');
  const repo = path.join(work, 'repo');
  fs.mkdirSync(repo);
  const stop = {
    session_id: 'smoke',
    turn_id: 'smoke-1',
    cwd: repo,
    transcript: TRANSCRIPT,
    reviewer_provider: provider,
  };
  fs.writeFileSync(file, JSON.stringify(stop));
  return file;
}

/**
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ status: number, stdout: string, stderr: string }>}
 */
function program(words, environment) {
  return new Promise((resolve) => {
    const options = { cwd: work, env: environment, timeout: DEADLINE_MS, maxBuffer: 1e7 };
    execFile(process.execPath, [path.join(ROOT, 'dist', 'cli.js'), ...words], options, (error, stdout, stderr) => {
      resolve({ status: error ? 1 : 0, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}

/**
 * Hands every request on to the provider and notes what it was.
 * @param {string} base the provider's base URL; the program appends what is missing of the path
 */
async function startRelay(base) {
  /** @type {Asked[]} */
  const asked = [];
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: DEADLINE_MS, bodyTimeout: DEADLINE_MS });
  /** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} response */
  const handOn = async (incoming, response) => {
    const target = new URL(incoming.url ?? '/', base);
    const body = await buffer(incoming);
    const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !NOT_ON.has(name)));
    const note = { ...metadataOf(target, body), headers: Object.keys(headers).toSorted() };
    const from = Date.now();
    try {
      const answer = await request(target, { method: 'POST', headers, body, dispatcher });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      asked.push({ ...note, status: answer.statusCode, milliseconds: Date.now() - from });
      for (const name of ['content-type', 'retry-after']) {
        const value = answer.headers[name];
        if (value !== undefined) response.setHeader(name, value);
      }
      response.writeHead(answer.statusCode).end(bytes);
    } catch {
      asked.push({ ...note, status: 0, milliseconds: Date.now() - from });
      response.destroy();
    }
  };
  const server = createServer((incoming, response) => void handOn(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const { pathname, search } = new URL(base);
  return {
    url: `http://127.0.0.1:${address.port}${pathname}${search}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await dispatcher.close();
    },
  };
}

/** @param {URL} target @param {Buffer} body */
function metadataOf({ origin, pathname }, body) {
  const sent = JSON.parse(body.toString('utf8'));
  return {
    url: `${origin}${pathname}`,
    model: String(sent.model),
    max_tokens: sent.max_tokens ?? sent.max_completion_tokens ?? null,
    bytes: body.length,
  };
}
