import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import type { HealthStep, StepHealth } from '../../../src/contracts/health.ts';
import type { Status, Tool } from '../../../src/contracts/status.ts';
import { CHECKS, examine } from '../../../src/health/doctor.ts';
import type { CheckName } from '../../../src/health/doctor.ts';
import type { DoctorFacts } from '../../../src/health/doctor-facts.ts';
import type { Level } from '../../../src/health/finding.ts';
import { aBucket, aHook, aStatus, aTool, facts, threeHooks } from './facts.ts';

interface Case {
  check: CheckName;
  when: string;
  facts: DoctorFacts;
  level: Level;
  says: RegExp;
}

const withStatus = (more: Partial<Status>, other: Partial<DoctorFacts> = {}): DoctorFacts =>
  facts({ status: aStatus(more), ...other });

const failing = (step: HealthStep, failures = 3): DoctorFacts => {
  const since = '2026-11-17T08:00:00Z';
  const health: StepHealth = {
    failures,
    since,
    last_failure: since,
    message: '401 from x',
    last_success: null,
    until: null,
  };
  return facts({ health: { [step]: health } });
};

const withHooks = (hooks: DoctorFacts['hooks']['hooks'], more: Partial<DoctorFacts['hooks']> = {}): DoctorFacts =>
  facts({ hooks: { hooks, problems: [], areSwitchedOff: false, ...more } });

const withTool = (codex: Partial<Tool>): DoctorFacts =>
  withStatus({ tools: { ...aStatus().tools, codex: { ...aTool, ...codex } } });

const counts = (more: Partial<ReturnType<typeof aBucket>['counts']>) => ({ ...aBucket().counts, ...more });
const scheduler = (more: Partial<Status['scheduler']>) => ({ ...aStatus().scheduler, ...more });
const review = (more: Partial<Status['review']>) => ({ ...aStatus().review, ...more });
const lock = { locked: true, stale: false, stale_reason: null, pid_alive: true, owner_pid: 42, path: '/lock' };

const CASES: Case[] = [
  {
    check: 'node-version',
    when: 'Node is too old',
    facts: facts({ nodeVersion: '20.18.3' }),
    level: 'broken',
    says: /20\.18\.3 is too old/,
  },
  {
    check: 'node-version',
    when: 'Node 21 runs us',
    facts: facts({ nodeVersion: '21.7.0' }),
    level: 'broken',
    says: /too old/,
  },
  {
    check: 'node-version',
    when: 'the Node of the hooks is gone',
    facts: facts({ installed: { at: '2026-11-01T00:00:00Z', node: '/nvm/v20/node', nodeExists: false } }),
    level: 'broken',
    says: /\/nvm\/v20\/node/,
  },
  {
    check: 'codex-version',
    when: 'there is no Codex',
    facts: withTool({ available: false, version: null, error: 'no codex on the PATH' }),
    level: 'warn',
    says: /no codex on the PATH/,
  },
  {
    check: 'codex-version',
    when: 'Codex is older',
    facts: withTool({ version: '0.98.0' }),
    level: 'warn',
    says: /0\.98\.0 is older/,
  },
  {
    check: 'hooks-present',
    when: 'nothing is installed',
    facts: withHooks([]),
    level: 'broken',
    says: /no hook of ours/,
  },
  {
    check: 'hooks-present',
    when: 'one hook is missing',
    facts: withHooks(threeHooks().slice(1)),
    level: 'broken',
    says: /SessionStart are missing/,
  },
  {
    check: 'hooks-present',
    when: 'Codex runs no hooks',
    facts: withHooks(threeHooks(), { areSwitchedOff: true }),
    level: 'broken',
    says: /runs no hooks/,
  },
  {
    check: 'hooks-present',
    when: 'hooks.json is malformed',
    facts: facts({
      status: aStatus({ hooks: { ...aStatus().hooks, error: '/codex/hooks.json: line 3: no comma' } }),
      hooks: {
        hooks: [],
        problems: [{ reason: 'file-invalid', path: '/codex/hooks.json', detail: 'line 3' }],
        areSwitchedOff: false,
      },
    }),
    level: 'broken',
    says: /line 3/,
  },
  {
    check: 'hooks-trusted',
    when: 'nobody has trusted them',
    facts: withHooks(threeHooks('untrusted')),
    level: 'broken',
    says: /SessionStart, UserPromptSubmit, Stop not trusted/,
  },
  {
    check: 'hooks-trusted',
    when: 'one was changed',
    facts: withHooks([...threeHooks().slice(1), aHook('SessionStart', 'modified')]),
    level: 'broken',
    says: /SessionStart changed/,
  },
  {
    check: 'hooks-trusted',
    when: 'one is switched off',
    facts: withHooks([...threeHooks().slice(1), aHook('SessionStart', 'disabled')]),
    level: 'broken',
    says: /switched off SessionStart/,
  },
  {
    check: 'installed-once',
    when: 'both ways are active',
    facts: withHooks([...threeHooks(), ...threeHooks('trusted', { source: 'plugin' })]),
    level: 'broken',
    says: /more than once \(\/codex\/hooks\.json and the plugin\)/,
  },
  {
    check: 'installed-once',
    when: 'the Python plugin is there',
    facts: facts({ pythonPlugin: 'The Python version is installed' }),
    level: 'broken',
    says: /Python/,
  },
  {
    check: 'plugin-untouched',
    when: 'a file in the folder of the plugin was changed',
    facts: withStatus(
      { plugin_hooks: { ...aStatus().plugin_hooks, plugin_root: '/codex/plugins/p' } },
      { pluginUnchanged: false },
    ),
    level: 'broken',
    says: /\/codex\/plugins\/p were changed/,
  },
  {
    check: 'nested-flag',
    when: 'the flag is in the shell',
    facts: facts({ nestedFlag: true }),
    level: 'broken',
    says: /CODEX_SELF_EVOLUTION_NESTED/,
  },
  {
    check: 'configuration',
    when: 'config.toml is broken',
    facts: facts({ configProblem: 'line 4: no' }),
    level: 'broken',
    says: /line 4/,
  },
  {
    check: 'configuration',
    when: 'a key is unknown',
    facts: facts({ configWarnings: ['line 2: revew is not known', 'b'] }),
    level: 'warn',
    says: /revew.*1 more/,
  },
  {
    check: 'reviewer',
    when: 'the key is missing',
    facts: facts({ reviewer: { name: 'minimax', problem: 'There is no API key' } }),
    level: 'broken',
    says: /minimax.*no API key/,
  },
  {
    check: 'provider-reachable',
    when: 'the provider says 401',
    facts: facts({ online: { reached: false, says: '401 from api.example.com' } }),
    level: 'broken',
    says: /401/,
  },
  {
    check: 'budget',
    when: 'the calls are used up',
    facts: withStatus({ review: review({ budget: { calls: 5, tokens: 10, used_today: { calls: 5, tokens: 1 } } }) }),
    level: 'warn',
    says: /used up \(5 of 5 calls/,
  },
  {
    check: 'budget',
    when: 'the tokens are used up',
    facts: withStatus({ review: review({ budget: { calls: 5, tokens: 10, used_today: { calls: 1, tokens: 12 } } }) }),
    level: 'warn',
    says: /12 of 10 tokens/,
  },
  {
    check: 'scheduler',
    when: 'it does not run',
    facts: withStatus({ scheduler: scheduler({ error: 'systemd does not run it' }) }),
    level: 'broken',
    says: /does not run it/,
  },
  {
    check: 'scheduler',
    when: 'work waits and its last tick is older than three intervals, though somebody has scanned by hand since',
    facts: withStatus({
      scheduler: scheduler({ last_tick: { at: '2026-11-20T11:58:00Z', scheduled_at: '2026-11-20T11:44:00Z' } }),
      buckets: [aBucket({ counts: counts({ pending: 1 }) })],
    }),
    level: 'broken',
    says: /last ran at 2026-11-20T11:44/,
  },
  {
    check: 'scheduler',
    when: 'work waits and only people have ever scanned',
    facts: withStatus({
      scheduler: scheduler({ last_tick: { at: '2026-11-20T11:58:00Z', scheduled_at: null } }),
      review: review({ queued: 1, oldest: '2026-11-20T11:00:00Z' }),
    }),
    level: 'broken',
    says: /never run/,
  },
  {
    check: 'scheduler',
    when: 'there is none and sessions may not start a compile',
    facts: withStatus(
      { scheduler: scheduler({ unit_exists: false }) },
      { settings: { ...DEFAULT_SETTINGS, scheduler: { ...DEFAULT_SETTINGS.scheduler, opportunistic: false } } },
    ),
    level: 'warn',
    says: /no scheduler/,
  },
  {
    check: 'production',
    when: 'turns wait for more than a day',
    facts: withStatus({ review: review({ queued: 7, oldest: '2026-11-19T11:00:00Z' }) }),
    level: 'broken',
    says: /7 stopped turns/,
  },
  {
    check: 'production',
    when: 'reviews have brought nothing for 13 days',
    facts: facts({ trail: { lastHook: '2026-11-20T11:00:00Z', reviewed: 10, envelopes: 0 } }),
    level: 'warn',
    says: /10 sessions.*not one/,
  },
  {
    check: 'production',
    when: 'the hooks have never run',
    facts: facts({ trail: { lastHook: null, reviewed: 0, envelopes: 0 } }),
    level: 'broken',
    says: /never run/,
  },
  {
    check: 'reviews-succeed',
    when: 'reviews keep failing',
    facts: failing('review'),
    level: 'broken',
    says: /Reviews have failed since Tuesday: 401 from x \(3 in a row\)/,
  },
  {
    check: 'compiles-succeed',
    when: 'compiles keep failing',
    facts: failing('compile', 8),
    level: 'broken',
    says: /Compiles.*8 in a row/,
  },
  { check: 'scans-succeed', when: 'scans keep failing', facts: failing('scan'), level: 'broken', says: /Scans/ },
  {
    check: 'publishing-succeeds',
    when: 'skills cannot be published',
    facts: failing('publish'),
    level: 'broken',
    says: /Skills/,
  },
  {
    check: 'locks',
    when: 'a lock is stale',
    facts: withStatus({
      buckets: [aBucket({ lock: { ...lock, stale: true, stale_reason: 'pid_not_alive', age_seconds: 5 } })],
    }),
    level: 'warn',
    says: /stale lock \(pid_not_alive\)/,
  },
  {
    check: 'locks',
    when: 'a lock is held for long',
    facts: withStatus({ buckets: [aBucket({ lock: { ...lock, age_seconds: 1_500 } })] }),
    level: 'warn',
    says: /25 minutes by process 42/,
  },
  {
    check: 'home-permissions',
    when: 'others can read the home',
    facts: facts({ open: [{ path: '/home', mode: 0o755 }] }),
    level: 'warn',
    says: /\/home \(0755\)/,
  },
  {
    check: 'home-permissions',
    when: 'others can read the keys',
    facts: facts({ open: [{ path: '/home/.env.provider', mode: 0o644 }] }),
    level: 'broken',
    says: /keys/,
  },
  {
    check: 'home-place',
    when: 'the home lies in a cloud folder',
    facts: withStatus({ home: '/Users/me/Dropbox/csep' }),
    level: 'warn',
    says: /Dropbox/,
  },
  {
    check: 'home-place',
    when: 'the home lies on NFS',
    facts: facts({ disk: { freeBytes: 5e9, remote: 'NFS', caseInsensitive: false } }),
    level: 'warn',
    says: /NFS/,
  },
  {
    check: 'home-place',
    when: 'two machines use the home',
    facts: facts({ otherHosts: ['laptop'] }),
    level: 'warn',
    says: /laptop/,
  },
  {
    check: 'case-of-names',
    when: 'two buckets differ in case only, on a disk that does not tell',
    facts: withStatus(
      { buckets: [aBucket({ project: '-Repo' }), aBucket()] },
      { disk: { freeBytes: 5e9, remote: null, caseInsensitive: true } },
    ),
    level: 'warn',
    says: /differ in case/,
  },
  {
    check: 'disk-space',
    when: 'the disk is full',
    facts: facts({ disk: { freeBytes: 1e6, remote: null, caseInsensitive: false } }),
    level: 'broken',
    says: /1 MB free/,
  },
  {
    check: 'disk-space',
    when: 'the disk is nearly full',
    facts: facts({ disk: { freeBytes: 2e8, remote: null, caseInsensitive: false } }),
    level: 'warn',
    says: /191 MB/,
  },
  {
    check: 'clock',
    when: 'something lies in the future',
    facts: withStatus({ scheduler: scheduler({ last_tick: { at: '2026-11-20T13:00:00Z', scheduled_at: null } }) }),
    level: 'warn',
    says: /2026-11-20T13:00/,
  },
  {
    check: 'set-aside',
    when: 'files were set aside',
    facts: withStatus({ buckets: [aBucket({ counts: counts({ set_aside: 2 }) })] }),
    level: 'warn',
    says: /2 damaged files/,
  },
  {
    check: 'hand-edits',
    when: 'a hand edit cannot be read',
    facts: withStatus({ buckets: [aBucket({ unparsable_edits: ['/b/memory/USER.md'] })] }),
    level: 'warn',
    says: /USER\.md/,
  },
  {
    check: 'readable',
    when: 'a bucket cannot be read',
    facts: withStatus({ buckets: [aBucket({ problems: ['/b/x cannot be read (EACCES)'] })] }),
    level: 'warn',
    says: /EACCES/,
  },
  {
    check: 'readable',
    when: 'a bucket is of a newer version',
    facts: withStatus({ problems: ['projects/-a is not used: newer'] }),
    level: 'warn',
    says: /newer/,
  },
];

describe('doctor', () => {
  test('finds nothing where all is well', () => {
    expect(examine(facts()).filter(({ level }) => level !== 'ok')).toEqual([]);
  });

  test.each(CASES)('$check is $level when $when', ({ check, facts: given, level, says }) => {
    const found = CHECKS[check](given);

    expect(found.level).toBe(level);
    expect(found.says).toMatch(says);
    expect(found.fix).toMatch(/\w.*\.$/);
  });

  test('the table turns every check red', () => {
    expect(new Set(CASES.map(({ check }) => check))).toEqual(new Set(Object.keys(CHECKS)));
  });

  test('a scheduler is no worry while nothing waits, or while sessions do its work', () => {
    const asleep = withStatus({
      scheduler: scheduler({ last_tick: { at: '2026-11-10T00:00:00Z', scheduled_at: '2026-11-10T00:00:00Z' } }),
    });
    const none = withStatus({ scheduler: scheduler({ unit_exists: false, error: 'there is neither' }) });

    expect([CHECKS.scheduler(asleep).level, CHECKS.scheduler(none).level]).toEqual(['ok', 'ok']);
  });

  test.each([
    ['2026-11-20T11:58:00Z', 'ok'],
    ['2026-11-20T11:44:00Z', 'broken'],
  ])('of a scheduler that was just installed work since %s is %s', (waitingSince, level) => {
    const buckets = [aBucket({ counts: counts({ pending: 1 }) })];
    const given = withStatus({ scheduler: scheduler({ last_tick: null }), buckets }, { waitingSince });

    expect(CHECKS.scheduler(given).level).toBe(level);
  });

  test('the trust of a plugin is written by the way that it came', () => {
    const hooks = threeHooks('untrusted', { source: 'plugin' });

    expect(CHECKS['hooks-trusted'](withHooks(hooks)).fix).toContain('csep install --plugin --trust');
    expect(CHECKS['hooks-trusted'](withHooks(threeHooks('untrusted'))).fix).toContain('csep install --trust');
  });

  test('an archived bucket that waits for nobody makes no scheduler late', () => {
    const archived = aBucket({ archived: true, counts: counts({ pending: 3 }) });

    expect(CHECKS.scheduler(withStatus({ scheduler: scheduler({ last_tick: null }), buckets: [archived] })).level).toBe(
      'ok',
    );
  });

  test.each([
    '/home/me/.codex-self-evolution',
    '/srv/boxes/home',
    '/home/dropboxer/x',
    'C:\\Users\\me\\.codex-self-evolution',
  ])('%s is no cloud folder', (home) => {
    expect(CHECKS['home-place'](withStatus({ home })).level).toBe('ok');
  });

  test.each([
    'C:\\Users\\me\\OneDrive - Work\\x',
    '/Users/me/Library/Mobile Documents/x',
    '/Users/me/Library/CloudStorage/GoogleDrive-me/x',
  ])('%s is a cloud folder', (home) => {
    expect(CHECKS['home-place'](withStatus({ home })).level).toBe('warn');
  });
});
