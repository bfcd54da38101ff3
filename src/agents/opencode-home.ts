import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { makeFolder, writeDurably, writeNew } from '../kernel/write-files.ts';
import type { Environment } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { parseJson } from './json-in-text.ts';
import { authFile } from './opencode-settings.ts';

/** A private place for one run of opencode, which sees nothing else of the user's. */
export interface OpencodeHome {
  workspace: string;
  /** What makes opencode live in it. */
  env: Record<string, string>;
  /** After the run: a login that opencode has renewed goes back to the user, who would be logged out otherwise. */
  giveBackLogin: () => void;
}

/** opencode installs this package beside every configuration that it finds, unless it seems to be there. */
const PLUGIN_PACKAGE = '@opencode-ai/plugin';

/**
 * Lays out the folders of one run: a copy of the login, the providers' settings, databases and temporary files
 * of its own. `HOME` stays what it is, since providers keep credentials below it, and so does the cache, in which the
 * list of models and the providers' packages lie.
 *
 * @param settings what of the user's configuration this run needs
 */
export function layOutOpencode(folder: string, settings: Record<string, unknown>, env: Environment): OpencodeHome {
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  const [config, data] = [at('config', 'opencode'), at('data', 'opencode')];
  for (const made of [config, data, at('state'), at('home'), at('tmp'), at('workspace')]) makeFolder(made);
  writeNew(path.join(config, 'opencode.json'), JSON.stringify(settings), { sync: false });
  pretendPluginPackage(config);
  const original = realPath(authFile(env));
  const login = readText(original);
  const copy = path.join(data, 'auth.json');
  if (login !== undefined) writeNew(copy, login, { sync: false });
  return {
    workspace: at('workspace'),
    env: {
      ...FLAGS,
      // opencode takes its working directory from here.
      PWD: at('workspace'),
      XDG_CONFIG_HOME: at('config'),
      XDG_DATA_HOME: at('data'),
      XDG_STATE_HOME: at('state'),
      OPENCODE_TEST_HOME: at('home'),
      TMPDIR: at('tmp'),
      TEMP: at('tmp'),
      TMP: at('tmp'),
    },
    giveBackLogin: () => {
      if (login !== undefined) attempt(() => giveBack({ original, copy, login }));
    },
  };
}

const FLAGS = {
  OPENCODE_DISABLE_PROJECT_CONFIG: '1',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_CLAUDE_CODE: '1',
  OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
};

function pretendPluginPackage(config: string): void {
  makeFolder(path.join(config, 'node_modules'));
  const lock = { packages: { '': { dependencies: { [PLUGIN_PACKAGE]: '*' } } } };
  writeNew(path.join(config, 'package-lock.json'), JSON.stringify(lock), { sync: false });
}

interface Login {
  original: string;
  copy: string;
  /** As it was before the run. */
  login: string;
}

/** Only when nobody else has renewed it meanwhile, and only something that is a login. */
function giveBack({ original, copy, login }: Login): void {
  const renewed = readText(copy);
  if (renewed === undefined || renewed === login || !isRecord(parseJson(renewed))) return;
  if (readText(original) === login) writeDurably(original, renewed);
}

/**
 * Whether a provider's login needs opencode's plugins: tokens of an OAuth login are handled by them, keys are not.
 * @returns environment variables that switch off what is not needed
 */
export function pluginFlags(provider: string, env: Environment): Record<string, string> {
  const login = parseJson(readText(realPath(authFile(env))) ?? '{}');
  const entry = isRecord(login) ? login[provider] : undefined;
  if (isRecord(entry) && entry['type'] !== 'api') return {};
  return { OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_PURE: '1' };
}
