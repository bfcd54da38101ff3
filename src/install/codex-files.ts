import path from 'node:path';
import { realPath } from '../kernel/move-files.ts';

/** Name of our plugin, and of the marketplace that `install --plugin` lays out. */
export const PLUGIN = 'codex-self-evolution-plugin';
export const MARKETPLACE = 'codex-self-evolution';
export const PLUGIN_ID = `${PLUGIN}@${MARKETPLACE}`;

/**
 * Codex's files that the installer reads and changes. Keys of trust begin with these paths: Codex
 * resolves links in its home's path, and leaves one that hooks.json itself is (0.169).
 */
export function codexFiles(codexHome: string) {
  const home = realPath(codexHome);
  return {
    home,
    hooks: path.join(home, 'hooks.json'),
    config: path.join(home, 'config.toml'),
    pluginCache: path.join(home, 'plugins', 'cache'),
  };
}

/** A repository's own hooks, which Codex reads beside those of the user. */
export const repositoryHooks = (root: string): string => path.join(realPath(root), '.codex', 'hooks.json');
