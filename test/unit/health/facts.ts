import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import type { BucketStatus, Status, Tool } from '../../../src/contracts/status.ts';
import type { DoctorFacts } from '../../../src/health/doctor-facts.ts';
import type { HookTrust, TrustStatus } from '../../../src/install/trust-status.ts';

export const NOW = new Date('2026-11-20T12:00:00Z');

export const aTool: Tool = { available: true, path: '/bin/x', version: '0.169.0', error: null };

export const aHook = (event: string, status: TrustStatus = 'trusted', more: Partial<HookTrust> = {}): HookTrust => ({
  event,
  source: 'hooks.json',
  file: '/codex/hooks.json',
  command: 'hook --from-stdin',
  owner: 'ours',
  status,
  key: 'key',
  hash: 'sha256:0',
  group: 0,
  place: 0,
  ...more,
});

export const threeHooks = (status: TrustStatus = 'trusted', more: Partial<HookTrust> = {}): HookTrust[] =>
  ['SessionStart', 'UserPromptSubmit', 'Stop'].map((event) => aHook(event, status, more));

export const aBucket = (more: Partial<BucketStatus> = {}): BucketStatus => ({
  project: '-repo',
  state_dir: '/home/projects/-repo',
  root: '/repo',
  archived: false,
  counts: {
    pending: 0,
    processing: 0,
    done: 4,
    failed: 0,
    discarded: 0,
    retryable_failed: 0,
    queued: 0,
    generations: 1,
    set_aside: 0,
    awaiting_yes: 0,
    unparsable_edits: 0,
    proposals: 0,
  },
  generation: 1,
  sizes: { user_md: 1, memory_md: 1, recall_index: 1, usage: 0 },
  lock: null,
  last_receipt: null,
  usage: { injected: 0, shown: 0, asked: 0, in_vain: 0 },
  unparsable_edits: [],
  problems: [],
  ...more,
});

export const aStatus = (more: Partial<Status> = {}): Status => ({
  timestamp: '2026-11-20T12:00:00Z',
  home: '/home',
  hooks: {
    file: '/codex/hooks.json',
    exists: true,
    stop_installed: true,
    session_start_installed: true,
    prompt_recall_installed: true,
    trust: 'trusted',
    error: null,
  },
  plugin_hooks: {
    plugin_root: null,
    manifest_path: null,
    manifest_exists: false,
    hooks_path: null,
    hooks_file_exists: false,
    session_start_declared: false,
    stop_declared: false,
    trust: null,
    error: null,
  },
  scheduler: {
    kind: 'systemd',
    label: 'csep',
    unit_path: '/unit',
    unit_exists: true,
    loaded: true,
    last_tick: { at: '2026-11-20T11:58:00Z', scheduled_at: '2026-11-20T11:58:00Z' },
    error: null,
  },
  env_provider: {
    path: '/home/.env.provider',
    exists: true,
    mode: '0600',
    keys_set: ['OPENAI_API_KEY'],
    keys_unset: [],
    other_keys_set: [],
  },
  tools: { node: { ...aTool, version: '22.12.0' }, codex: aTool, opencode: aTool },
  review: {
    queued: 0,
    oldest: null,
    budget: { calls: 200, tokens: 2_000_000, used_today: { calls: 3, tokens: 9_000 } },
    last_error: null,
  },
  health: {},
  buckets: [aBucket()],
  recent_activity: {
    window_hours: 24,
    stop_review: { stops: 3, hook_failures: 0, review_failures: 0 },
    scan: { last_tick: null, promotions: 1, processed: 1, discarded: 0, fallbacks: 0, bucket_failures: 0 },
    recall: { session_starts: 1, prompts: 1, asked: 0, injected: 1, shown: 0, in_vain: 0 },
    retries: { reviews: 0, envelopes: 0 },
  },
  problems: [],
  ...more,
});

/** A machine on which all is well. */
export const facts = (more: Partial<DoctorFacts> = {}): DoctorFacts => ({
  now: NOW,
  platform: 'linux',
  nodeVersion: '22.12.0',
  status: aStatus(),
  hooks: { hooks: threeHooks(), problems: [], areSwitchedOff: false },
  settings: DEFAULT_SETTINGS,
  configProblem: null,
  configWarnings: [],
  nestedFlag: false,
  reviewer: { name: 'openai-compatible', problem: null },
  online: { reached: true, says: 'api.example.com answers' },
  installed: { at: '2026-11-01T00:00:00Z', node: '/bin/node', nodeExists: true },
  pluginUnchanged: null,
  pythonPlugin: null,
  health: {},
  open: [],
  disk: { freeBytes: 50e9, remote: null, caseInsensitive: false },
  otherHosts: [],
  trail: { lastHook: '2026-11-20T11:00:00Z', reviewed: 20, envelopes: 12 },
  waitingSince: null,
  ...more,
});
