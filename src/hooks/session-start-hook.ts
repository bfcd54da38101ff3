import path from 'node:path';
import { rememberCodexHome } from '../assets/codex-homes.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { workWaits } from '../capture/work-waits.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { codexHome } from '../kernel/home.ts';
import { startSession } from '../recall/start-session.ts';
import { dailyNotice } from '../trouble/daily-notice.ts';
import { readSessionStartInput } from './hook-input.ts';
import type { HookAnswer, HookRun } from './hook-types.ts';

/** SessionStart: gives the session what earlier ones left; an empty bucket has nothing to say. */
export async function sessionStartHook(run: HookRun): Promise<HookAnswer> {
  const { world, call } = run;
  const defaults = { cwd: () => run.flag('cwd') || call.env['CODEX_CWD'] || call.workingFolder() };
  const input = readSessionStartInput(run.input, defaults);
  if (!input.ok) return { facts: { problem: input.problem } };
  const payload = input.value;
  const started = await startSession(world, {
    cwd: payload.cwd,
    stateDir: run.flag('state-dir') ?? call.env['CODEX_STATE_DIR'],
    sessionId: payload.session_id,
    source: payload.source,
    transcriptPath: payload.transcript_path ?? null,
    program: path.join(call.programFolder, 'csep.js'),
  });
  // A scheduler's environment does not name Codex's home; published skills must find it all the same.
  if (started.bucket) attempt(() => rememberCodexHome(world.home, codexHome(call.env)));
  const notice = dailyNotice(world);
  const noticed = notice === undefined ? {} : { noticed: true };
  const facts = { session: payload.session_id, source: payload.source, ...started.facts, ...noticed };
  const after = started.bucket && backgroundScan(run, started.bucket);
  if (started.context === undefined) return { notice, facts, after };
  return { context: { event: 'SessionStart', text: started.context }, notice, facts, after };
}

/** Where something waits that a scheduler should have compiled: what looks closer, and starts a scan. */
function backgroundScan({ world, call }: HookRun, bucket: BucketHandle): HookAnswer['after'] {
  const waits = attempt(() => workWaits(world, bucket.layout));
  if (!waits.ok || !waits.value) return undefined;
  return async () => {
    const { scanInBackground } = await import('../capture/background-scan.ts');
    return { scan_started: await scanInBackground(world, call.programFolder) };
  };
}
