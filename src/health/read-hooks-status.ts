import path from 'node:path';
import type { Failure } from '../contracts/failure.ts';
import type { Status } from '../contracts/status.ts';
import { exists } from '../kernel/files.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { codexFiles } from '../install/codex-files.ts';
import type { CodexHooks, HookTrust, TrustStatus } from '../install/trust-status.ts';

/** The two places that our hooks can stand in, as `status` tells them. */
export interface HooksStatus {
  hooks: Status['hooks'];
  plugin_hooks: Status['plugin_hooks'];
}

export function hooksStatus(codexHome: string, found: CodexHooks): HooksStatus {
  const file = codexFiles(codexHome).hooks;
  const ours = found.hooks.filter(({ owner }) => owner === 'ours');
  const own = ours.filter(({ source }) => source !== 'plugin');
  const plugin = ours.filter(({ source }) => source === 'plugin');
  return { hooks: ownHooks(file, own, found), plugin_hooks: pluginHooks(plugin) };
}

function ownHooks(file: string, own: readonly HookTrust[], found: CodexHooks): Status['hooks'] {
  const has = (event: string): boolean => own.some((hook) => hook.event === event);
  const problem = found.problems.find((failure) => !('path' in failure) || !failure.path.includes('plugins'));
  return {
    file,
    exists: isThere(file),
    stop_installed: has('Stop'),
    session_start_installed: has('SessionStart'),
    prompt_recall_installed: has('UserPromptSubmit'),
    trust: worstTrust(own),
    error: problem ? failureText(problem) : null,
  };
}

function pluginHooks(plugin: readonly HookTrust[]): Status['plugin_hooks'] {
  const [first] = plugin;
  const root = first ? path.dirname(path.dirname(first.file)) : null;
  const manifest = root === null ? null : path.join(root, '.codex-plugin', 'plugin.json');
  const declares = (event: string): boolean => plugin.some((hook) => hook.event === event);
  return {
    plugin_root: root,
    manifest_path: manifest,
    manifest_exists: manifest !== null && isThere(manifest),
    hooks_path: first?.file ?? null,
    hooks_file_exists: first !== undefined,
    session_start_declared: declares('SessionStart'),
    stop_declared: declares('Stop'),
    trust: worstTrust(plugin),
    error: null,
  };
}

const FROM_BAD: readonly TrustStatus[] = ['untrusted', 'modified', 'disabled', 'trusted'];

/** One hook that Codex skips breaks the loop: the worst status is that of all. */
const worstTrust = (hooks: readonly HookTrust[]): TrustStatus | null =>
  FROM_BAD.find((status) => hooks.some((hook) => hook.status === status)) ?? null;

const isThere = (file: string): boolean => {
  const found = attempt(() => exists(file));
  return found.ok && found.value;
};

/** Said in a few words: the sentences belong to the commands. */
export function failureText(failure: Failure): string {
  const place = 'path' in failure ? `${failure.path}: ` : '';
  const detail = 'detail' in failure ? failure.detail : 'code' in failure ? failure.code : failure.reason;
  return `${place}${detail}`;
}
