import { inject } from 'vitest';
import type { CodexRig } from './codex-rig.ts';
import { hooksOfPlugin, installPlugin, listHooks, trustListed } from './plugin.ts';

/** One way for our hooks to get into a Codex. */
export interface Install {
  name: string;
  /** Everything but the trust. */
  put: (rig: CodexRig) => Promise<void>;
  trust: (rig: CodexRig) => Promise<void>;
}

const throughHooksFile: Install = {
  name: 'hooks.json',
  put: async (rig) => rig.writeHooks(hooksOfPlugin(inject('pluginRoot'))),
  trust: async (rig) => rig.trustHooks(hooksOfPlugin(inject('pluginRoot'))),
};

export const asPlugin: Install = {
  name: 'the plugin',
  put: (rig) => installPlugin(rig, inject('marketplaceRoot'), inject('pluginId')),
  trust: async (rig) => trustListed(rig, await listHooks(rig)),
};

/** The same promises hold whichever way a person chose. */
export const installs: readonly Install[] = [throughHooksFile, asPlugin];

/** For tests in which the way does not matter. */
export async function installTrusted(rig: CodexRig): Promise<void> {
  await throughHooksFile.put(rig);
  await throughHooksFile.trust(rig);
}
