import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration, readSettings, settingsOf } from '../../../src/config/read-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { Environment } from '../../../src/kernel/home.ts';
import type { World } from '../../../src/kernel/world.ts';

function worldWith(toml: string | null, env: Environment = {}): World & { logged: string[] } {
  const home = mkdtempSync(path.join(tmpdir(), 'settings-'));
  mkdirSync(home, { recursive: true });
  if (toml !== null) writeFileSync(path.join(home, 'config.toml'), toml);
  const logged: string[] = [];
  return { home, env, clock: systemClock, diagnostics: { log: (event) => void logged.push(event) }, logged };
}

/** The backend and where it comes from. */
const read = (world: World, flags = {}): unknown => {
  const result = readConfiguration(world, flags);
  return result.ok ? [result.value.settings.compile.backend, result.value.sources.get('compile.backend')] : result;
};

describe('readSettings', () => {
  it('is the defaults where there is no file', () => {
    expect(readSettings(worldWith(null))).toEqual({ ok: true, value: DEFAULT_SETTINGS });
  });

  it('takes the flag before the environment before the file before the default', () => {
    const toml = '[compile]\nbackend = "agent:codex"\nbatch_size = 7\n';
    const env = { CODEX_SELF_EVOLUTION_COMPILE_BACKEND: 'agent:opencode' };
    expect(read(worldWith(null))).toEqual(['script', undefined]);
    expect(read(worldWith(toml))).toEqual(['agent:codex', { kind: 'file', line: 2 }]);
    expect(read(worldWith(toml, env))).toEqual([
      'agent:opencode',
      { kind: 'environment', variable: 'CODEX_SELF_EVOLUTION_COMPILE_BACKEND' },
    ]);
    expect(read(worldWith(toml, env), { compile: { backend: 'script' } })).toEqual(['script', { kind: 'flag' }]);
  });

  it('keeps the names of profiles and the roots of repositories as they are', () => {
    const toml = '[profiles."My Gateway"]\nprovider = "minimax"\n[review.repositories]\n"/Users/Alice" = false\n';
    const result = readConfiguration(worldWith(toml));
    expect(result).toMatchObject({
      ok: true,
      value: {
        settings: {
          profiles: { 'My Gateway': { provider: 'minimax' } },
          review: { repositories: { '/Users/Alice': false } },
        },
      },
    });
    expect(result.ok && [...result.value.sources.keys()]).toEqual([
      'profiles."My Gateway".provider',
      'review.repositories."/Users/Alice"',
    ]);
  });

  it('fails with the line when the file is wrong, and names a wrong variable', () => {
    expect(readSettings(worldWith('[recall]\ntop_k = true\n'))).toMatchObject({
      ok: false,
      failure: { reason: 'file-invalid', detail: 'line 2, column 1: recall.top_k must be a whole number' },
    });
    expect(readSettings(worldWith(null, { CSEP_SCHEDULER_INTERVAL: 'often' }))).toMatchObject({
      ok: false,
      failure: { reason: 'usage', detail: 'CSEP_SCHEDULER_INTERVAL must be a whole number' },
    });
  });

  it('refuses a flag that is nonsense', () => {
    expect(readSettings(worldWith(null), { compile: { backend: 'magic' } })).toMatchObject({
      ok: false,
      failure: { reason: 'usage' },
    });
  });

  it('lets no key reach a prototype', () => {
    const result = readSettings(worldWith('[profiles.constructor]\nprovider = "dummy"\n'));
    expect(result).toMatchObject({ ok: false });
    expect(readSettings(worldWith('[review.repositories]\n"__proto__" = false\n'))).toMatchObject({ ok: false });
  });

  it('goes on with the defaults for those who must, and logs it', () => {
    const world = worldWith('[recall]\ntop_k = 9\n[[[');
    expect(settingsOf(world)).toEqual(DEFAULT_SETTINGS);
    expect(world.logged).toEqual(['settings-unusable']);
  });
});
