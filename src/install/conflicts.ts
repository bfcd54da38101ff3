import type { Failure } from '../contracts/failure.ts';
import { describePython } from './python-plugin.ts';
import type { PythonPlugin } from './python-plugin.ts';
import type { CodexHooks, HookTrust } from './trust-status.ts';

/** How our hooks get into Codex. */
export type Way = 'hooks' | 'plugin';

export interface ConflictRequest {
  way: Way;
  /** Whether the other way may be taken out. */
  switchWay: boolean;
  replacePython: boolean;
}

/** Our hooks that stand elsewhere than the wanted way puts them: with both, every turn would be reviewed twice. */
export const otherWays = ({ hooks }: CodexHooks, way: Way): HookTrust[] =>
  hooks.filter(({ owner, source }) => owner === 'ours' && source !== (way === 'hooks' ? 'hooks.json' : 'plugin'));

const SWITCH = 'With --switch that way is taken out first.';

/**
 * Why an installation cannot go on: another way is active, or the Python plugin is. Hooks in config.toml are
 * a person's text and are never taken out.
 */
export function findConflict(
  codexHooks: CodexHooks,
  python: PythonPlugin | undefined,
  request: ConflictRequest,
): Failure | undefined {
  const others = otherWays(codexHooks, request.way);
  const byHand = [...others, ...(python?.hooks ?? [])].find(({ source }) => source === 'config.toml');
  if (byHand) {
    return {
      reason: 'install-conflict',
      what: `${byHand.file} has the hook ${byHand.event} of codex-self-evolution`,
      fix: 'Take its [[hooks…]] tables out by hand, then run install again.',
    };
  }
  if (python && !request.replacePython)
    return {
      reason: 'install-conflict',
      what: `${describePython(python)}; both would write the same home`,
      fix: 'With --replace-python its entries are taken out (its memory is kept, and goes on being used).',
    };
  const [other] = others;
  if (!other || request.switchWay) return undefined;
  const where = other.pluginId === undefined ? other.file : `the plugin ${other.pluginId}`;
  return {
    reason: 'install-conflict',
    what: `Hooks of codex-self-evolution are active in another way already: ${where}`,
    fix: other.pluginId === undefined ? SWITCH : `${SWITCH} To go on with the plugin, run csep install --plugin.`,
  };
}
