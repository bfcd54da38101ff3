import { PLUGIN_ID } from '../install/codex-files.ts';
import type { HookTrust } from '../install/trust-status.ts';
import type { DoctorFacts } from './doctor-facts.ts';
import type { Finding } from './finding.ts';
import { broken, ok, warn } from './finding.ts';

/** Checks of what has to be there before anything can happen: Node, Codex, our hooks and their trust. */

/** Codex 0.169 is what this program was measured against. */
const KNOWN_CODEX = [0, 169] as const;

const numbersOf = (version: string): number[] =>
  version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10));

function nodeVersion({ nodeVersion: version, installed }: DoctorFacts): Finding {
  const [major = 0, minor = 0] = numbersOf(version);
  const isKnown = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!isKnown)
    return broken(
      `Node ${version} is too old`,
      'Install Node 22 (at least 20.19 or 22.12), then run csep install again.',
    );
  if (installed && !installed.nodeExists)
    return broken(
      `the Node that the hooks start is gone (${installed.node})`,
      'Run csep install again: it notes the Node that it runs on.',
    );
  return ok(`Node ${version}`);
}

function codexVersion({ status }: DoctorFacts): Finding {
  const { available, version, error } = status.tools.codex;
  if (!available)
    return warn(
      `Codex cannot be asked: ${error ?? 'it was not found'}`,
      'Install it (npm install -g @openai/codex), or put it on the PATH; an editor may bring its own.',
    );
  if (version === null) return ok('Codex is there (its version was not asked)');
  const [major = 0, minor = 0] = numbersOf(version);
  const isOlder = major === KNOWN_CODEX[0] && minor < KNOWN_CODEX[1];
  if (isOlder)
    return warn(
      `Codex ${version} is older than ${KNOWN_CODEX.join('.')}, whose hooks are known to work`,
      'Update Codex: npm install -g @openai/codex@latest.',
    );
  return ok(`Codex ${version}`);
}

const EVENTS = ['SessionStart', 'UserPromptSubmit', 'Stop'] as const;

const ours = ({ hooks }: DoctorFacts): HookTrust[] => hooks.hooks.filter(({ owner }) => owner === 'ours');

function hooksPresent(facts: DoctorFacts): Finding {
  const [problem] = facts.hooks.problems;
  if (facts.status.hooks.error !== null && problem)
    return broken(
      `Codex's files cannot be read: ${facts.status.hooks.error}`,
      'Correct that file (Codex rejects the whole of it, too), then run csep doctor again.',
    );
  if (facts.hooks.areSwitchedOff)
    return broken(
      'Codex runs no hooks at all ([features] hooks = false)',
      'Remove that line from the config.toml of Codex.',
    );
  const present = new Set(ours(facts).map(({ event }) => event));
  const missing = EVENTS.filter((event) => !present.has(event));
  if (missing.length === EVENTS.length) return broken('no hook of ours is installed', 'Run csep install.');
  if (missing.length > 0)
    return broken(`the hooks ${missing.join(' and ')} are missing`, 'Run csep install: it adds what is missing.');
  return ok('all three hooks are installed');
}

/** `install` without `--plugin` would have another way stand beside the plugin, and refuses. */
const trustCommand = (hooks: readonly HookTrust[]): string =>
  hooks.some(({ source }) => source === 'plugin') ? 'csep install --plugin --trust' : 'csep install --trust';

function hooksTrusted(facts: DoctorFacts): Finding {
  const found = ours(facts);
  if (found.length === 0) return ok('there is no hook to trust yet');
  const eventsThat = (status: HookTrust['status']): string =>
    [...new Set(found.filter((hook) => hook.status === status).map(({ event }) => event))].join(', ');
  const untrusted = eventsThat('untrusted');
  if (untrusted)
    return broken(
      `Codex skips our hooks in silence: ${untrusted} not trusted`,
      `Type /hooks in Codex and trust them, or run ${trustCommand(found)}.`,
    );
  const modified = eventsThat('modified');
  if (modified)
    return broken(
      `Codex skips our hooks in silence: ${modified} changed since they were trusted`,
      `Look at the change, then type /hooks in Codex and trust them again, or run ${trustCommand(found)}.`,
    );
  const disabled = eventsThat('disabled');
  if (disabled) return broken(`somebody has switched off ${disabled}`, 'Type /hooks in Codex and switch them on.');
  return ok('Codex trusts our hooks');
}

function installedOnce(facts: DoctorFacts): Finding {
  const found = ours(facts);
  if (facts.pythonPlugin !== null)
    return broken(
      `${facts.pythonPlugin}; it writes the same home as we do`,
      'Run csep install: it offers to replace them.',
    );
  const twice = EVENTS.filter((event) => found.filter((hook) => hook.event === event).length > 1);
  if (twice.length > 0) {
    const places = [...new Set(found.map(({ source, file }) => (source === 'plugin' ? 'the plugin' : file)))].join(
      ' and ',
    );
    return broken(
      `${twice.join(', ')} installed more than once (${places}): each session would be reviewed twice`,
      'Run csep uninstall, then csep install or csep install --plugin, not both.',
    );
  }
  return ok('installed once');
}

function pluginUntouched(facts: DoctorFacts): Finding {
  const root = facts.status.plugin_hooks.plugin_root;
  if (root === null) return ok('not installed as a plugin');
  if (facts.pluginUnchanged === false)
    return broken(
      `files in ${root} were changed: Codex then runs none of its hooks`,
      `Run csep install --plugin again (or codex plugin add ${PLUGIN_ID}) and trust the hooks anew.`,
    );
  if (facts.pluginUnchanged === null)
    return ok('installed as a plugin; nobody noted how its folder looked when it was trusted');
  return ok('the folder of the plugin is unchanged');
}

function nestedFlag(facts: DoctorFacts): Finding {
  if (facts.nestedFlag)
    return broken(
      'CODEX_SELF_EVOLUTION_NESTED is set: our hooks take every session for one of our own and do nothing',
      'Remove the variable from your shell profile and start a new shell.',
    );
  return ok('the nested flag is not set');
}

export const SETUP_CHECKS = {
  'node-version': nodeVersion,
  'codex-version': codexVersion,
  'hooks-present': hooksPresent,
  'hooks-trusted': hooksTrusted,
  'installed-once': installedOnce,
  'plugin-untouched': pluginUntouched,
  'nested-flag': nestedFlag,
};
