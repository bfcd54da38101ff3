import { systemClock } from '../kernel/clock.ts';
import { deferredLog } from '../kernel/deferred-log.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { homeFolder, homeLayout } from '../kernel/home.ts';
import { print, printFailure } from './output.ts';
import { readQuestion, recallText } from './recall-answer.ts';
import type { RecallFormat, RecallWords } from './recall-answer.ts';

/** Flags that the usual call has; any other goes through the whole parser. */
const FLAGS = ['query', 'cwd', 'top-k', 'scope', 'format', 'state-dir'] as const;
type Flag = (typeof FLAGS)[number];

/**
 * `recall` as the model calls it, many times a day: a few words and a flag or two, without loading
 * the command parser.
 * @returns whether it was answered; undefined when the call is not that simple, and nothing was done
 */
export async function quickRecall(argv: readonly string[], usual: RecallFormat): Promise<boolean | undefined> {
  const words = simpleWords(argv);
  if (!words) return undefined;
  const home = homeFolder(process.env);
  const diagnostics = deferredLog(homeLayout(home).log, systemClock);
  const world = { home, env: process.env, clock: systemClock, diagnostics };
  const answer = await attemptAsync(async () => {
    const asked = await readQuestion(world, words, usual);
    return asked.ok ? await recallText(world, asked.value) : asked;
  });
  if (answer.ok) print(answer.value);
  else printFailure(answer.failure);
  await diagnostics.flush();
  return answer.ok;
}

function simpleWords(argv: readonly string[]): RecallWords | undefined {
  const words: RecallWords = { _: [], json: false };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) {
      words._.push(word);
      continue;
    }
    const flag = FLAGS.find((known) => word === `--${known}`);
    const value = argv[++index];
    if (!flag || value === undefined || value.startsWith('-')) return undefined;
    words[flag satisfies Flag] = value;
  }
  return words._.length > 0 || words.query !== undefined ? words : undefined;
}
