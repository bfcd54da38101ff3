import { cancel, confirm, intro, note, outro, password, select } from '@clack/prompts';
import type { Readable, Writable } from 'node:stream';
import { PROVIDER_KEYS } from './provider-key.ts';

/** What the questions are about; what a flag has said already is not asked. */
export interface WizardAnswers {
  provider: string | undefined;
  apiKey: string | undefined;
  scheduler: boolean;
  trust: boolean;
}

export interface WizardRequest {
  given: Partial<WizardAnswers>;
  /** Names of keys that are set already. */
  keysSet: readonly string[];
  /** What will be done, for a last look. */
  review: (answers: WizardAnswers) => string;
  /** Where there is no terminal, for tests. */
  streams?: Streams;
}

const PROVIDERS = [
  { value: 'heuristic', label: 'heuristic', hint: 'asks nobody: finds corrections and standing wishes by rules' },
  { value: 'minimax', label: 'MiniMax', hint: 'needs MINIMAX_API_KEY; new parts of sessions are sent there' },
  { value: 'openai-compatible', label: 'OpenAI or compatible', hint: 'needs OPENAI_API_KEY' },
  { value: 'anthropic-style', label: 'Anthropic or compatible', hint: 'needs ANTHROPIC_API_KEY' },
  { value: 'codex-cli', label: 'Codex itself', hint: 'uses the account of your Codex' },
  { value: 'opencode-cli', label: 'opencode', hint: 'uses the account of your opencode' },
];

/** A person went away in the middle; nothing has been done by then. */
class Cancelled extends Error {}

/**
 * Asks a new user what no flag has said, shows what will be done, and asks once more.
 * @returns undefined when the person does not want to
 */
export async function askForInstall(request: WizardRequest): Promise<WizardAnswers | undefined> {
  const { given, streams = {} } = request;
  intro('codex-self-evolution', streams);
  try {
    const provider = given.provider ?? (await askProvider(streams));
    const answers = {
      provider,
      apiKey: given.apiKey ?? (await askKey(provider, request)),
      scheduler: given.scheduler ?? (await askScheduler(streams)),
      trust: given.trust ?? (await askTrust(streams)),
    };
    note(request.review(answers), 'This will be done', streams);
    if (!confirmed(await confirm({ message: 'Go on?', ...streams }))) throw new Cancelled();
    outro('Installing', streams);
    return answers;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    cancel('Nothing was changed.', streams);
    return undefined;
  }
}

type Streams = { input?: Readable; output?: Writable };

/** A symbol stands for a question that was left with Ctrl-C or Escape. */
function chosen(answer: string | symbol): string {
  if (typeof answer === 'symbol') throw new Cancelled();
  return answer;
}

function confirmed(answer: boolean | symbol): boolean {
  if (typeof answer === 'symbol') throw new Cancelled();
  return answer;
}

const askProvider = async (streams: Streams): Promise<string> =>
  chosen(await select({ message: 'Who reviews your sessions?', options: PROVIDERS, ...streams }));

async function askKey(provider: string, { keysSet, streams = {} }: WizardRequest): Promise<string | undefined> {
  const name = PROVIDER_KEYS[provider];
  if (!name || keysSet.includes(name)) return undefined;
  const message = `${name} (it goes into .env.provider of the home, readable by you only; empty: later)`;
  const key = chosen(await password({ message, ...streams }));
  return key === '' ? undefined : key;
}

const askScheduler = async (streams: Streams): Promise<boolean> =>
  confirmed(await confirm({ message: 'Promote what was learned every five minutes in the background?', ...streams }));

const askTrust = async (streams: Streams): Promise<boolean> =>
  confirmed(
    await confirm({
      message: 'Codex runs no hook that you have not trusted. Trust these three now? (otherwise: /hooks in Codex)',
      ...streams,
    }),
  );
