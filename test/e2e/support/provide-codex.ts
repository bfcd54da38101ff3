import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildMarketplace, MARKETPLACE } from '../../../scripts/build-marketplace.mjs';
import { installCodex } from '../../../scripts/install-codex.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Launcher of the pinned Codex: a script for Node. */
    codexLauncher: string;
    /** A marketplace folder with the built plugin, and how to name the plugin for `codex plugin add`. */
    marketplaceRoot: string;
    pluginId: string;
    /** The plugin's folder in it; its dist/ is what every test runs. */
    pluginRoot: string;
  }
}

/**
 * Once for all files: finds (or installs) Codex and takes a copy of the built program. Tests use the
 * copy: it has no node_modules beside it, and a build in the meantime does not pull it away.
 */
export function setup(project: TestProject): () => void {
  project.provide('codexLauncher', installCodex(process.env));
  const marketplaceRoot = realpathSync(mkdtempSync(join(tmpdir(), 'csep-marketplace-')));
  const tearDown = (): void => rmSync(marketplaceRoot, { recursive: true, force: true });
  try {
    const { plugin, pluginRoot } = buildMarketplace(
      fileURLToPath(new URL('../../..', import.meta.url)),
      marketplaceRoot,
    );
    project.provide('marketplaceRoot', marketplaceRoot);
    project.provide('pluginId', `${plugin}@${MARKETPLACE}`);
    project.provide('pluginRoot', pluginRoot);
  } catch (error) {
    tearDown();
    throw error;
  }
  return tearDown;
}
