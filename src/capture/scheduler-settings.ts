import { hasSettings } from '../config/quick-settings.ts';
import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import type { World } from '../kernel/world.ts';

/** The settings; where nobody has said anything, without loading what reads them: a scan starts 288 times a day. */
export const scanSettings = async (world: World): Promise<Settings> =>
  hasSettings(world) ? (await import('../config/read-settings.ts')).settingsOf(world) : DEFAULT_SETTINGS;
