import http from 'node:http';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, inject, test } from 'vitest';
import { withAppServer } from './support/app-server.ts';
import type { Notification } from './support/app-server.ts';
import { run } from './support/child.ts';
import type { CodexRig } from './support/codex-rig.ts';
import { complaints, withCodex } from './support/codex-rig.ts';
import { installs, installTrusted } from './support/installs.ts';
import { waitFor } from './support/wait-for.ts';

const Diagnosis = v.looseObject({
  level: v.string(),
  checks: v.array(
    v.looseObject({ check: v.string(), level: v.string(), says: v.string(), fix: v.optional(v.string()) }),
  ),
});

/** `doctor` as a person calls it: its exit code is part of the answer. */
async function doctor(rig: CodexRig) {
  const cli = join(inject('pluginRoot'), 'dist', 'cli.js');
  const ended = await run(process.execPath, [cli, 'doctor', '--json', '--no-tools'], {
    cwd: rig.repo,
    env: rig.env,
    deadlineMs: 30_000,
  });
  const diagnosis = v.parse(Diagnosis, JSON.parse(ended.stdout));
  const check = (name: string) => diagnosis.checks.find((finding) => finding.check === name);
  return { exitCode: ended.exitCode, check };
}

describe.each(installs)('hooks through $name', (install) => {
  test('that nobody trusts are what doctor says first, and well once they are trusted', async () => {
    await withCodex(async (rig) => {
      await install.put(rig);
      const before = await doctor(rig);
      await install.trust(rig);
      await rig.exec('hello');
      const after = await doctor(rig);

      expect(before.exitCode).toBe(1);
      expect(before.check('hooks-present')?.level).toBe('ok');
      expect(before.check('hooks-trusted')).toMatchObject({ level: 'broken' });
      expect(before.check('hooks-trusted')?.says).toContain('not trusted');
      expect(before.check('hooks-trusted')?.fix).toContain('/hooks');
      expect(after.check('hooks-trusted')).toMatchObject({ level: 'ok' });
      expect(after.exitCode).toBe(0);
    });
  });
});

const TURN = `Please look at the billing module. ${'The totals of the invoices are rounded twice there. '.repeat(6)}`;

describe('a provider that turns every review down', () => {
  test('is told to the user at the next start, once, and not to the model', async () => {
    const refusing = await startRefusing();
    try {
      await withCodex(async (rig) => {
        await installTrusted(rig);
        const env = {
          CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'openai-compatible',
          OPENAI_API_KEY: 'not-a-key-that-anybody-has',
          OPENAI_BASE_URL: `${refusing.url}/v1`,
        };
        const quiet = await rig.exec(TURN, { env });
        await rig.exec(TURN, { env });
        await rig.exec(TURN, { env });
        await rig.quiet();
        // Reviewers that cost wait until a session is quiet; --now does not.
        await rig.program(['scan', '--now', '--home', rig.home, '--json'], { env });
        const told = await startedSession(rig, env);
        const afterwards = await startedSession(rig, env);
        const { check, exitCode } = await doctor(rig);

        expect(complaints(quiet)).toEqual([]);
        expect(told.warnings).toHaveLength(1);
        expect(told.warnings[0]).toMatch(/Reviews have failed since today: .*401.*Run csep doctor/);
        expect(told.requests.length).toBeGreaterThan(0);
        expect(JSON.stringify(told.requests)).not.toContain('csep doctor');
        expect(afterwards.warnings).toEqual([]);
        expect(check('reviews-succeed')).toMatchObject({ level: 'broken' });
        expect(check('reviews-succeed')?.says).toContain('401');
        expect(exitCode).toBe(1);
      });
    } finally {
      await refusing.close();
    }
  });
});

const Started = v.looseObject({ thread: v.looseObject({ id: v.string() }) });
const HookCompleted = v.looseObject({
  run: v.looseObject({
    eventName: v.string(),
    entries: v.array(v.looseObject({ kind: v.string(), text: v.string() })),
  }),
});

/**
 * One turn of a new session as an editor or the TUI drives it: `codex exec` shows no message of a hook, they do.
 * @returns what SessionStart had them show, and what was sent to the model
 */
async function startedSession(rig: CodexRig, env: Record<string, string>) {
  const before = rig.model.requests.length;
  const warnings: string[] = [];
  let isOver = false;
  const onNotification = ({ method, params }: Notification): void => {
    if (method === 'turn/completed') isOver = true;
    const completed = method === 'hook/completed' ? v.safeParse(HookCompleted, params) : undefined;
    if (!completed?.success || completed.output.run.eventName !== 'sessionStart') return;
    warnings.push(...completed.output.run.entries.filter(({ kind }) => kind === 'warning').map(({ text }) => text));
  };
  const command = { command: process.execPath, args: [inject('codexLauncher'), 'app-server'], cwd: rig.repo };
  await withAppServer({ ...command, env: { ...rig.env, ...env }, deadlineMs: 60_000, onNotification }, async (call) => {
    const { thread } = v.parse(Started, await call('thread/start', { cwd: rig.repo }));
    await call('turn/start', { threadId: thread.id, input: [{ type: 'text', text: 'Please go on.' }] });
    await waitFor('the turn to end', () => isOver);
  });
  return { warnings, requests: rig.model.requests.slice(before) };
}

async function startRefusing() {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(401).end('{"error":{"message":"Incorrect API key provided"}}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
