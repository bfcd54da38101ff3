import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { modifiedMs, readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { SETTING_VARIABLES } from './setting-variables.ts';

/** Whether somebody has said anything: one look at the disk, before what reads TOML is loaded. */
export const hasSettings = (world: World): boolean =>
  hasFile(world) || SETTING_VARIABLES.some((name) => world.env[name]);

const hasFile = (world: World): boolean => modifiedMs(homeLayout(world.home).config) !== 0;

/**
 * How recall answers, for hooks, which go on whatever happens: the defaults where the file cannot be
 * read, and then a line in the log. No variable is about recall, so without a file nothing is loaded.
 */
export async function recallSettings(world: World): Promise<Settings['recall']> {
  if (!hasFile(world) || saysNothingOfRecall(world)) return DEFAULT_SETTINGS.recall;
  return (await import('./read-settings.ts')).settingsOf(world).recall;
}

/** A file of settings has a few kB. */
const SMALL = 64 * 1024;

/**
 * Whether the file cannot have a word about recall: not outside of whole lines of comment, and no key that an
 * escape may hide. Then the defaults count, whether the rest of it is sound or not. Any doubt: false.
 */
function saysNothingOfRecall(world: World): boolean {
  const text = attempt(() => readText(homeLayout(world.home).config, SMALL));
  if (!text.ok || text.value === undefined) return false;
  const said = text.value.replaceAll(/^[ \t]*#.*$/gm, '');
  return !/recall|\\|schema/i.test(said);
}
