import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { AgentRequest, Behaviour } from './support/agent-model.ts';
import { type AgentRig, opencodeProgram, withAgents } from './support/agent-rig.ts';
import { type Ended, run } from './support/child.ts';
import { filesBelow, pendingEnvelopes, queuedReviews } from './support/home-view.ts';
import { trustTables } from './support/hooks-file.ts';
import { hooksOfPlugin } from './support/plugin.ts';
import { waitFor } from './support/wait-for.ts';

/** A reviewer that is a program, and the config.toml that makes it ours. */
interface Row {
  provider: string;
  profile: () => string;
}

const rows: Row[] = [
  { provider: 'codex-cli', profile: () => `command = ${words(process.execPath, inject('codexLauncher'))}` },
  { provider: 'opencode-cli', profile: () => `command = ${words(opencodeProgram())}\nmodel = "mock/good"` },
  {
    provider: 'command',
    profile: () =>
      `command = ${words(process.execPath, inject('codexLauncher'), 'exec', '--json', '--ephemeral', '--skip-git-repo-check', '--disable=hooks', '-')}\nresponse_format = "codex-events"`,
  },
];

const words = (...command: string[]): string => JSON.stringify(command);

const LONG = 'user: look at the logs again\nassistant: still nothing in them.\n'.repeat(1_200);

/** Answers with a memory that holds the nonce of the session, which stands at its very end. */
function remember({ text }: AgentRequest): Behaviour {
  const nonce = /nonce-[0-9a-f]{24}/.exec(text)?.[0] ?? 'none';
  const details = {
    scope: 'global',
    action: 'add',
    old_summary: null,
    content: `Releases carry the mark ${nonce}.`,
    source_paths: null,
    basis: 'user',
  };
  return {
    say: JSON.stringify({
      memory_updates: [{ summary: 'Mark of releases', confidence: 0.9, details }],
      recall_candidate: [],
      skill_action: [],
    }),
  };
}

interface Session {
  nonce: string;
  review: () => Promise<Ended>;
  program: (...args: string[]) => Promise<Ended>;
}

/** A person whose active profile is this reviewer, and a payload file about a long session. */
function session(rig: AgentRig, { provider, profile }: Row): Session {
  const nonce = `nonce-${randomBytes(12).toString('hex')}`;
  const repo = join(rig.root, 'repo');
  for (const folder of [repo, rig.home]) mkdirSync(folder);
  writeFileSync(
    join(rig.home, 'config.toml'),
    `active_profile = "mine"\n\n[profiles.mine]\nprovider = "${provider}"\ntimeout_seconds = 90\n${profile()}\n`,
  );
  const payload = join(rig.root, 'payload.json');
  const transcript = `${LONG}user: remember: every release carries the mark ${nonce}.\nassistant: I will.`;
  writeFileSync(
    payload,
    JSON.stringify({ session_id: 's-1', turn_id: 't-1', cwd: repo, transcript, reviewer_provider: provider }),
  );
  const program = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [join(inject('pluginRoot'), 'dist', 'cli.js'), ...args], {
      cwd: repo,
      env: rig.env,
      deadlineMs: 150_000,
    });
  return { nonce, program, review: () => program('stop-review', '--hook-payload', payload, '--json') };
}

const agentRuns = (rig: AgentRig): string[] => filesBelow(join(rig.home, 'agent-runs'));
const memoryOf = (rig: AgentRig): string =>
  filesBelow(rig.home)
    .filter((file) => file.endsWith('MEMORY.md'))
    .map((file) => readFileSync(join(rig.home, file), 'utf8'))
    .join('\n');

describe.each(rows)('a review by $provider', (row) => {
  test('becomes an envelope that compile promotes', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(remember);
      const { nonce, review, program } = session(rig, row);
      const reviewed = await review();
      const pending = pendingEnvelopes(rig.home);
      const compiled = await program('compile', '--once', '--json');

      expect(reviewed).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.stringify(pending)).toContain(nonce);
      expect(compiled.exitCode).toBe(0);
      expect(memoryOf(rig)).toContain(nonce);
      expect(rig.model.requests).toHaveLength(1);
      expect(agentRuns(rig)).toEqual([]);
    });
  });

  test('whose answer is no JSON ends with a reason, and nothing is stored as knowledge', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ say: 'I would rather talk about it.' }));
      const reviewed = await session(rig, row).review();
      expect(reviewed.exitCode).toBe(1);
      expect(`${reviewed.stdout}${reviewed.stderr}`).toContain('there is no JSON object');
      expect(pendingEnvelopes(rig.home)).toEqual([]);
      expect(agentRuns(rig)).toEqual([]);
    });
  });

  test('ends with the process that asked for it, and leaves neither processes nor private files', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ hang: true }));
      session(rig, row);
      const cli = join(inject('pluginRoot'), 'dist', 'cli.js');
      const args = [cli, 'stop-review', '--hook-payload', join(rig.root, 'payload.json')];
      const asking = spawn(process.execPath, args, { cwd: join(rig.root, 'repo'), env: rig.env, stdio: 'ignore' });
      await waitFor('the model to be asked', () => rig.model.requests.length > 0, 60_000);
      asking.kill('SIGTERM');
      await once(asking, 'exit');
      await waitFor('every process to end', () => rig.processes().length === 0);
      expect(asking.signalCode).toBe('SIGTERM');
      expect(agentRuns(rig)).toEqual([]);
    });
  });
});

test('a reviewer that is not installed says so', async () => {
  await withAgents(async (rig) => {
    const reviewed = await session(rig, {
      provider: 'codex-cli',
      profile: () => 'command = ["no-codex-here"]',
    }).review();
    expect(reviewed.exitCode).toBe(1);
    expect(`${reviewed.stdout}${reviewed.stderr}`).toContain('there is no program');
  });
});

test('the Codex that reviews never fires our own hooks, although they are installed and trusted', async () => {
  await withAgents(async (rig) => {
    const hooks = hooksOfPlugin(inject('pluginRoot'));
    const file = join(rig.codexHome, 'hooks.json');
    writeFileSync(file, JSON.stringify(hooks));
    appendFileSync(join(rig.codexHome, 'config.toml'), trustTables(hooks, file));
    rig.model.behave(remember);
    const [codex] = rows;
    if (codex === undefined) throw new Error('the first row is codex-cli');
    const { review } = session(rig, codex);
    await review();
    await waitFor('every process to end', () => rig.processes().length === 0);
    const buckets = (): string[] => [
      ...new Set(filesBelow(join(rig.home, 'projects')).map((path) => path.split(/[\\/]/)[0] ?? '')),
    ];
    const afterReview = { buckets: buckets(), queued: queuedReviews(rig.home), requests: rig.model.requests.length };
    const rollouts = filesBelow(rig.codexHome).filter((path) => path.includes('rollout-'));

    // The same Codex, asked by a person: the hooks are alive.
    const args = [inject('codexLauncher'), 'exec', '--skip-git-repo-check', 'hello'];
    const elsewhere = join(rig.root, 'elsewhere');
    mkdirSync(elsewhere);
    await run(process.execPath, args, { cwd: elsewhere, env: rig.env, deadlineMs: 90_000 });

    expect(afterReview.buckets).toHaveLength(1);
    expect(afterReview.queued).toEqual([]);
    expect(afterReview.requests).toBe(1);
    expect(rollouts).toEqual([]);
    await waitFor('a bucket for the session of the person', () => buckets().length === 2);
    await waitFor('every process to end', () => rig.processes().length === 0);
  });
});
