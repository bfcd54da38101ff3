import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import { exists } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';

/** Variables that say something about scans (FORMATS, Environment). */
const VARIABLES = ['CSEP_SCHEDULER_INTERVAL', 'CSEP_SCHEDULER_BACKEND', 'CODEX_SELF_EVOLUTION_COMPILE_BACKEND'];

/** The settings; where nobody has said anything, without loading what reads them: a scan starts 288 times a day. */
export async function scanSettings(world: World): Promise<Settings> {
  const saysNothing = VARIABLES.every((name) => !world.env[name]) && !exists(homeLayout(world.home).config);
  if (saysNothing) return DEFAULT_SETTINGS;
  return (await import('../config/read-settings.ts')).settingsOf(world);
}
