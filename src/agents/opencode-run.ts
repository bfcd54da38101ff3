import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { writeNew } from '../kernel/write-files.ts';
import type { Environment } from '../kernel/home.ts';
import { homeLayout } from '../kernel/home.ts';
import { withRunFolder } from '../kernel/run-folder.ts';
import type { Ask, Question } from './ask.ts';
import { PAYLOAD, withPayload } from './command-line.ts';
import { eventsOf } from './event-lines.ts';
import { readOpencodeEvents, readOpencodeStderr } from './opencode-events.ts';
import { layOutOpencode, pluginFlags } from './opencode-home.ts';
import { lentAgent, usersOpencode } from './opencode-settings.ts';
import type { AgentReading, AgentWorld } from './subprocess.ts';
import { asOneText, callAgent } from './subprocess.ts';

export interface OpencodeSettings {
  /**
   * One word: the program, which gets our arguments. Several: the whole command, in which `<payload>` stands for
   * the path of a private file; without it the payload goes to standard input.
   */
  command: readonly string[];
  /** `provider/model`; null refuses, since opencode would send the payload to a provider of its own choice. */
  model: string | null;
  /** An agent that the user has defined: it lends its prompt, not its tools. */
  agent: string | null;
  timeoutMs: number;
}

/** The agent that answers when the user names none. */
const OUR_AGENT = 'csep';

/**
 * Asks the user's own opencode (its providers, its login) with `opencode run`: one request, no tools, in an empty
 * folder, with a database of its own, the question on standard input.
 *
 * @returns an Ask; its failure is `not-configured` when the settings cannot work
 */
export function askOpencode(settings: OpencodeSettings, world: AgentWorld): Ask {
  return async (question, signal) => {
    const checked = checkOpencode(settings);
    if (!checked.ok) return checked;
    return attemptAsync(() =>
      withRunFolder(homeLayout(world.home).agentRuns, (folder) => askIn(folder, question, { settings, world, signal })),
    );
  };
}

/** Whether opencode can be asked with these settings, as far as that is known without asking it. */
export function checkOpencode({ command, model }: OpencodeSettings): Result<void> {
  const custom = command.length > 1;
  if (custom && isOpencode(command) && command.some((word) => /^(?:--file|-f)(?:=|$)/.test(word)))
    return misconfigured(
      'The command hands the payload over with --file, which opencode cuts to some 2,000 characters a line without a word. Take --file and its path away: the payload then goes to standard input.',
    );
  const namesModel = custom && (!isOpencode(command) || command.some((word) => /^(?:--model|-m)(?:=|$)/.test(word)));
  if (model === null ? namesModel : /^[^/\s]+\/\S+$/.test(model)) return succeed(undefined);
  return misconfigured(
    `${model === null ? 'No model is named' : `The model ${JSON.stringify(model.slice(0, 80))} is not of the form provider/model`}, and opencode would choose a hosted provider by itself. Set CODEX_SELF_EVOLUTION_OPENCODE_MODEL, or model in config.toml, to one that \`opencode models\` lists, as provider/model.`,
  );
}

const isOpencode = (command: readonly string[]): boolean =>
  /^opencode(?:\.\w+)?$/i.test(path.basename(command[0] ?? ''));

const misconfigured = (fix: string): Result<never> => fail({ reason: 'not-configured', what: 'opencode', fix });

interface Asking {
  settings: OpencodeSettings;
  world: AgentWorld;
  signal: AbortSignal;
}

async function askIn(folder: string, question: Question, { settings, world, signal }: Asking): ReturnType<Ask> {
  const users = usersOpencode(world.env);
  if (users.unreadable[0] !== undefined)
    return misconfigured(`Its configuration ${users.unreadable[0]} cannot be read as JSON with comments.`);
  const agent = settings.agent === null ? { prompt: question.system } : lentAgent(settings.agent, users, world.env);
  if (agent === undefined)
    return misconfigured(
      `It has no agent ${JSON.stringify(settings.agent)}; correct CODEX_SELF_EVOLUTION_OPENCODE_AGENT, or agent in config.toml.`,
    );
  const home = layOutOpencode(folder, users.settings, world.env);
  const text = settings.agent === null && settings.command.length === 1 ? question.prompt : asOneText(question);
  const { argv, stdin } = commandLine(settings, text, path.join(folder, 'payload.txt'));
  const call = {
    name: 'opencode',
    argv,
    stdin,
    cwd: home.workspace,
    env: {
      ...home.env,
      ...pluginFlags(providerOf(settings), world.env),
      OPENCODE_CONFIG_CONTENT: ownConfig(settings, agent),
    },
    timeoutMs: settings.timeoutMs,
    isStep: (line: string) => line.startsWith('{"type":"step_start"'),
    read: settings.command.length > 1 ? readEventsOrText : readOpencodeEvents,
    isRefusal: (line: string) => line.includes(' level=ERROR ') && line.includes('message="stream error"'),
    readStderr: readOpencodeStderr,
  };
  try {
    return await callAgent(call, withoutTheirs(world.env), signal);
  } finally {
    home.giveBackLogin();
  }
}

/** What they name is in the copy already, and would count a second time. */
function withoutTheirs(env: Environment): Environment {
  const { OPENCODE_CONFIG: _file, OPENCODE_CONFIG_DIR: _folder, OPENCODE_DB: _database, ...rest } = env;
  return rest;
}

const providerOf = ({ model }: OpencodeSettings): string => model?.split('/')[0] ?? '';

/** Denied tools, for whichever agent answers; a user's own settings cannot widen them. */
function ownConfig({ agent: chosen, model }: OpencodeSettings, agent: Record<string, unknown>): string {
  const config = {
    share: 'disabled',
    autoupdate: false,
    snapshot: false,
    permission: { '*': 'deny' },
    ...(model === null ? {} : { model, small_model: model }),
    agent: { [chosen ?? OUR_AGENT]: { ...agent, mode: 'primary', permission: { '*': 'deny' } } },
  };
  // opencode fills in {env:…} and {file:…} before it parses, in a prompt of ours too.
  return JSON.stringify(config).replaceAll(/\{(?=env:|file:)/g, String.raw`\u007b`);
}

function commandLine(
  { command, model, agent }: OpencodeSettings,
  text: string,
  file: string,
): { argv: string[]; stdin: string } {
  if (command.length === 1)
    return { argv: [...command, ...ourArguments(model ?? '', agent ?? OUR_AGENT)], stdin: text };
  if (!command.some((word) => word.includes(PAYLOAD))) return { argv: [...command], stdin: text };
  writeNew(file, text, { sync: false });
  return { argv: withPayload(command, file), stdin: '' };
}

const ourArguments = (model: string, agent: string): string[] => [
  'run',
  '--format=json',
  // Without one it asks a model for one, and sends the payload a second time for that.
  '--title=csep',
  `--agent=${agent}`,
  `--model=${model}`,
  // Its own words about a refusing provider, which it asks again for a minute without telling.
  '--print-logs',
  '--log-level=ERROR',
];

/** A command of the user's may print events, or just an answer. */
const readEventsOrText = (stdout: string): AgentReading => {
  if (eventsOf(stdout).some(({ type }) => type === 'step_start' || type === 'step_finish' || type === 'error'))
    return readOpencodeEvents(stdout);
  return stdout.trim() === '' ? { kind: 'empty' } : { kind: 'answered', answer: { text: stdout, cut: false } };
};
