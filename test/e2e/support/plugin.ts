import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { CodexRig } from './codex-rig.ts';
import { HooksFile } from './hooks-file.ts';

/** What `hooks/list` tells about one hook. */
const ListedHook = v.looseObject({
  key: v.string(),
  eventName: v.string(),
  pluginId: v.optional(v.nullable(v.string()), null),
  command: v.optional(v.nullable(v.string()), null),
  currentHash: v.string(),
  trustStatus: v.string(),
});
export type ListedHook = v.InferOutput<typeof ListedHook>;

const HooksList = v.looseObject({
  data: v.array(
    v.looseObject({
      hooks: v.array(ListedHook),
      warnings: v.array(v.unknown()),
      errors: v.array(v.unknown()),
    }),
  ),
});

/** The plugin's hooks as a hooks.json for `$CODEX_HOME`: the same commands with the program's real place. */
export function hooksOfPlugin(pluginRoot: string): HooksFile {
  const text = readFileSync(join(pluginRoot, 'hooks', 'hooks.json'), 'utf8');
  const file = v.parse(HooksFile, JSON.parse(text));
  for (const hook of Object.values(file.hooks).flatMap((groups) => groups.flatMap(({ hooks }) => hooks))) {
    hook.command = hook.command.replaceAll(/\$\{?PLUGIN_ROOT\}?/g, pluginRoot);
  }
  return file;
}

/** `codex plugin marketplace add` and `codex plugin add`; the hooks stay untrusted. */
export async function installPlugin(rig: CodexRig, marketplaceRoot: string, pluginId: string): Promise<void> {
  await rig.codex('plugin', 'marketplace', 'add', marketplaceRoot, '--json');
  await rig.codex('plugin', 'add', pluginId, '--json');
}

/** Every hook that Codex sees from the repository; throws when it has a warning or an error to tell. */
export function listHooks(rig: CodexRig): Promise<ListedHook[]> {
  return rig.appServer(async (call) => {
    const [here] = v.parse(HooksList, await call('hooks/list', { cwds: [rig.repo] })).data;
    if (here === undefined) throw new Error('hooks/list knows nothing of the repository');
    const complaints = [...here.warnings, ...here.errors];
    if (complaints.length > 0) throw new Error(`hooks/list complains: ${JSON.stringify(complaints)}`);
    return here.hooks;
  });
}

/** Trusts hooks the way the TUI's `/hooks` does, by what Codex itself says their hash is. */
export async function trustListed(rig: CodexRig, hooks: readonly ListedHook[]): Promise<void> {
  const edits = hooks.map(({ key, currentHash }) => ({
    keyPath: 'hooks.state',
    mergeStrategy: 'upsert',
    value: { [key]: { trusted_hash: currentHash } },
  }));
  await rig.appServer((call) => call('config/batchWrite', { edits, reloadUserConfig: true }));
}
