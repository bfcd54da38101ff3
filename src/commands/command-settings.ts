import { hasSettings } from '../config/quick-settings.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import { homeLayout } from '../kernel/home.ts';
import { limitLog } from '../kernel/log-file.ts';
import type { World } from '../kernel/world.ts';

/**
 * Settings for a command, which must not go on with what it only believes to be meant. What is odd about
 * the file is told on stderr; nothing is loaded where nobody has said anything.
 *
 * @returns Failure with the line of what is wrong
 */
export async function commandSettings(world: World): Promise<Result<Settings>> {
  if (!hasSettings(world)) return succeed(DEFAULT_SETTINGS);
  const { readConfiguration } = await import('../config/read-settings.ts');
  const configuration = readConfiguration(world);
  if (!configuration.ok) return configuration;
  const { settings, warnings, text } = configuration.value;
  limitLog(settings.log);
  const { secretNotices } = await import('../config/find-secrets.ts');
  const { noticeText } = await import('../config/notice.ts');
  const file = homeLayout(world.home).config;
  for (const notice of [...warnings, ...secretNotices(text ?? '')])
    process.stderr.write(`csep: warning: ${file}: ${noticeText(notice)}\n`);
  return succeed(settings);
}
