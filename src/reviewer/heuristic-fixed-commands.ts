import type { RecallSuggestion } from '../contracts/suggestion.ts';
import type { TurnItem } from '../transcript/turn.ts';
import { cut } from './heuristic-memory.ts';
import { changesState, looksAround, programOf, stepsOf } from './heuristic-shell.ts';
import type { ShellStep } from './heuristic-shell.ts';

type Command = Extract<TurnItem, { kind: 'command' }>;

/** A command that failed, and what worked in its place. */
interface Fix {
  failed: Command;
  worked: Command;
  error: string;
  confidence: number;
}

/** How many commands later the one that works may come. */
const WINDOW = 6;
const MAX_FIXES = 5;
/** Ended by a signal: somebody was impatient. */
const INTERRUPTED = new Set([130, 137, 143]);

/** The world was to blame: the same call may work in a minute. */
const TRANSIENT =
  /time[d-]? ?out|ETIMEDOUT|ECONNRESET|EAI_AGAIN|rate limit|too many requests|no space left|temporar(?:y|ily)|try again later/iu;

/** What a session taught about calling programs here: failing call, essential line of the error, working call. */
export function fixedCommands(turnItems: readonly TurnItem[]): RecallSuggestion[] {
  const fixes: Fix[] = [];
  const worksAgain = worksLater(turnItems);
  for (const [index, one] of turnItems.entries()) {
    if (fixes.length === MAX_FIXES) break;
    if (one.kind !== 'command' || one.exitCode === null || one.exitCode === 0 || INTERRUPTED.has(one.exitCode))
      continue;
    // The same call works later: the code or the world was wrong, not the call.
    const fix = TRANSIENT.test(one.output) || worksAgain(one, index) ? undefined : fixFor(one, index, turnItems);
    if (fix && !fixes.some((other) => other.worked.command === fix.worked.command)) fixes.push(fix);
  }
  return fixes.map(asSuggestion);
}

/** Whether the same call works behind that place. Looked up: a long session has thousands of calls, and each may fail. */
function worksLater(turnItems: readonly TurnItem[]): (failed: Command, index: number) => boolean {
  const lastSuccess = new Map<string, number>();
  for (const [index, one] of turnItems.entries())
    if (one.kind === 'command' && one.exitCode === 0) lastSuccess.set(squeezed(one.command), index);
  return (failed, index) => (lastSuccess.get(squeezed(failed.command)) ?? -1) > index;
}

function fixFor(failed: Command, index: number, turnItems: readonly TurnItem[]): Fix | undefined {
  let changed = false;
  let seen = 0;
  const error = essentialLine(failed.output);
  for (let at = index + 1; at < turnItems.length; at += 1) {
    const next = turnItems[at];
    if (next?.kind === 'files') changed = true;
    if (next?.kind !== 'command') continue;
    seen += 1;
    if (seen > WINDOW) return undefined;
    const confidence = next.exitCode === 0 ? confidenceOf(failed, next, { error, changed }) : 0;
    if (confidence > 0) return { failed, worked: next, error, confidence };
    if (next.exitCode === 0 && stepsOf(next.command).some(changesState)) changed = true;
  }
  return undefined;
}

const squeezed = (command: string): string => command.trim().replaceAll(/\s+/gu, ' ');

interface Circumstances {
  error: string;
  /** Files, packages or services were changed between the two. */
  changed: boolean;
}

function confidenceOf(failed: Command, worked: Command, facts: Circumstances): number {
  const [before, after] = [mainStep(failed), mainStep(worked)];
  if (!before || !after || looksAround(before) || looksAround(after)) return 0;
  const chained = squeezed(worked.command).length - after.text.length > 2;
  const difference = differenceOf(before, after, chained);
  // What is handed on to a script says what to do, not how to call it.
  if (/(?:^| )-- /u.test(addedWords(before, after)) && !isWrongCall(failed.output, facts)) return 0;
  if (isTypo(before, after) || CHECKS_LESS.test(addedWords(before, after))) return 0;
  // Much of git asks about the state of the repository, and the next call asks something else.
  if (programOf(before) === 'git' && !isWrongCall(failed.output, facts)) return 0;
  return CONFIDENCE[difference](failed.output, facts);
}

/** The program did not understand its call, or was not there. */
const isWrongCall = (output: string, { error }: Circumstances): boolean =>
  WRONG_CALL.test(error) || WRONG_CALL.test(output.slice(-600));

/** Nothing else can have helped: nothing was changed in between, and the program found no fault with the code. */
const callAloneDiffers = (output: string, { changed }: Circumstances): boolean => !changed && !FINDINGS.test(output);

/** How sure it is that the difference between two calls is what made the second one work. */
const CONFIDENCE: Record<Difference, (output: string, facts: Circumstances) => number> = {
  none: () => 0,
  unrelated: () => 0,
  surroundings: (output, facts) => (isWrongCall(output, facts) ? 0.85 : callAloneDiffers(output, facts) ? 0.75 : 0),
  program: (output, facts) => (isWrongCall(output, facts) ? 0.85 : callAloneDiffers(output, facts) ? 0.75 : 0),
  options: (output, facts) => {
    if (isWrongCall(output, facts) && (!facts.changed || WRONG_OPTION.test(output))) return 0.85;
    return callAloneDiffers(output, facts) ? 0.7 : 0;
  },
  operands: (output, facts) => (isWrongCall(output, facts) ? operandsConfidence(facts) : 0),
};

const operandsConfidence = ({ error, changed }: { error: string; changed: boolean }): number =>
  !changed &&
  /(?:missing script|unknown (?:command|target|task)|no rule to make|not find (?:a )?task|no such (?:command|task|target|service)|is not defined|invalid choice|no configuration|expected|requires?|missing|usage|invalid command code|extra characters)/iu.test(
    error,
  )
    ? 0.8
    : 0;

/** The step that a chained line is about: the last one that does more than look. */
function mainStep({ command }: Command): ShellStep | undefined {
  const steps = stepsOf(command);
  return steps.findLast((step) => !looksAround(step)) ?? steps.at(-1);
}

/** The program was called in a way that it does not understand, or is not there. */
const WRONG_CALL =
  /command not found|not found$|: not found|is not recognized|no such file or directory: '?[\w-]+'?$|unknown (?:option|argument|flag|command|subcommand|target|task)|unrecogni[sz]ed (?:option|argument|subcommand|command)|unexpected (?:argument|option)|invalid (?:option|argument|choice|flag)|illegal option|no such option|bad (?:flag|option)|flag provided but not defined|missing script|no rule to make target|not a (?:git|valid) (?:command|subcommand|option)|usage:|usage error|unsupported (?:option|engine|url type|protocol)|EBADENGINE|EUNSUPPORTEDPROTOCOL|externally-managed-environment|ERR_PNPM|ERR_REQUIRE_ESM|unknown file extension|cannot use import statement|only-allow|use (?:pnpm|yarn|npm|bun) (?:instead|install|for)|please (?:use|run|install|specify)|did you mean|try (?:running|using|')|No module named|cannot find module|ModuleNotFoundError|requires? (?:python|node|java|go|ruby|rustc?|docker|a )|node version|python version|ERESOLVE|peer dep|out of memory|heap limit|EACCES|permission denied|no (?:configuration|config|project|package\.json|pyproject|makefile|cargo\.toml|test files?|tests?) (?:file )?(?:found|was found|specified)|could not find (?:a )?`?(?:package\.json|cargo\.toml|pyproject|pom\.xml|build file)|not (?:in|inside|within) (?:a|the) (?:workspace|project|repo)|manifest|connection refused|ECONNREFUSED|is not set|must be set|environment variable|no such service|no config(?:uration)? file|invalid command code|extra characters|unterminated|has been (?:deprecated|removed)|deprecated|interactive|not a tty|TTY|frozen-lockfile|detached|protected branch|non-fast-forward|no upstream branch|set-upstream|certificate|SSL|signature/iu;

/** The program says that it does not know an option. */
const WRONG_OPTION =
  /(?:unknown|unrecogni[sz]ed|unexpected|invalid|illegal|no such|bad) (?:option|argument|flag|choice)|flag provided but not defined|usage:|use -|try -/iu;

/** Options that make a check pass by not checking. */
const CHECKS_LESS =
  /(?:^| )(?:--no-verify|-dskiptests\S*|--skip\S*|--force|--no-(?:check|strict|lint|fail)\S*|--ignore-(?!scripts)\S*|--update-?snapshots?\S*|\|\|.*|--pass-?with-?no-?tests|--exit-zero|--abort|--fix|--allow-\S+|--quiet|--verbose|--version|--help|--dry-run)(?: |$)/iu;

function addedWords(before: ShellStep, after: ShellStep): string {
  if (programOf(before) !== programOf(after)) return '';
  const had = new Set(before.words);
  return after.words.filter((word) => !had.has(word)).join(' ');
}

/** The program did its work and found something: the code is to blame. */
const FINDINGS =
  /Failures: [1-9]|Errors: [1-9]|\b\d+ (?:failed|failing|errors?|problems?|failures?|warnings?)\b|\bFAIL(?:ED|URES?)?\b|AssertionError|error TS\d+|error\[E\d+\]|SyntaxError|TypeError|Traceback|expected .{0,40}(?:received|got|to (?:be|equal))|panicked at|Segmentation fault|merge conflict|CONFLICT/u;

type Difference = 'none' | 'unrelated' | 'surroundings' | 'program' | 'options' | 'operands';

function differenceOf(before: ShellStep, after: ShellStep, chained: boolean): Difference {
  if (before.words.join(' ') === after.words.join(' ')) {
    const same = surroundingsOf(before) === surroundingsOf(after);
    return same && !chained ? 'none' : 'surroundings';
  }
  const rest = overlap(before.words.slice(1), after.words.slice(1));
  if (programOf(before) !== programOf(after)) return otherProgram(before, after, rest);
  if (before.wrapper !== after.wrapper && rest >= 0.3) return 'surroundings';
  return otherArguments(before.words, after.words, rest);
}

const surroundingsOf = ({ wrapper, assignments }: ShellStep): string => [wrapper, ...assignments].join(' ');

function otherProgram(before: ShellStep, after: ShellStep, rest: number): Difference {
  if (plainWords(before) === plainWords(after)) return 'program';
  const short = before.words.length + after.words.length <= 4;
  return isFamily(programOf(before), programOf(after)) && (rest >= 0.34 || short) ? 'program' : 'unrelated';
}

function otherArguments(a: readonly string[], b: readonly string[], rest: number): Difference {
  const alike = sameIntent(a, b);
  const sameSubcommand = a[1] === b[1] || a[1] === undefined || b[1] === undefined;
  if (!sameSubcommand && !alike && rest < 0.5) return 'unrelated';
  const short = a.length <= 3;
  if (optionsIn(a) !== optionsIn(b)) return rest >= 0.2 || short ? 'options' : 'unrelated';
  return rest >= 0.2 || short || alike ? 'operands' : 'unrelated';
}

const optionsIn = (words: readonly string[]): string => words.filter((word) => word.startsWith('-')).join(' ');

/** `npm test` and `npm run test:unit`: scripts of the same name. */
function sameIntent(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(namesIn(a));
  return namesIn(b).some((name) => names.has(name));
}

const namesIn = (words: readonly string[]): string[] =>
  words
    .slice(1)
    .filter((word) => word !== 'run' && !word.startsWith('-'))
    .flatMap((word) => word.split(/[:./_-]/u))
    .filter((name) => name.length > 2);

/** `docker-compose up` is `docker compose up`; `python x` is `python3 x`. */
const plainWords = ({ words }: ShellStep): string =>
  words
    .join(' ')
    .replace(/^docker-compose\b/u, 'docker compose')
    .replace(/^python[23]?(?:\.\d+)?\b/u, 'python')
    .replace(/^pip[23]?\b/u, 'pip')
    .replace(/^\.\/(?=\w)/u, '')
    .replace(/^g(?=make|sed|awk)/u, '');

const FAMILIES = [
  ['npm', 'pnpm', 'yarn', 'bun', 'npx', 'deno'],
  ['pip', 'pip3', 'uv', 'poetry', 'pipenv', 'conda', 'pipx', 'python', 'python3'],
  ['python', 'python2', 'python3', 'py', 'uv', 'poetry', 'pytest', 'unittest', 'tox', 'nox'],
  ['node', 'tsx', 'ts-node', 'bun', 'deno', 'npx'],
  ['jest', 'vitest', 'mocha', 'npm', 'pnpm', 'yarn', 'bun', 'ava'],
  ['make', 'gmake', 'just', 'task', 'ninja', 'cmake'],
  ['mvn', 'mvnw', 'gradle', 'gradlew', './gradlew', './mvnw'],
  ['docker', 'docker-compose', 'podman', 'podman-compose', 'nerdctl'],
  ['apt', 'apt-get', 'dnf', 'yum', 'apk', 'brew'],
  ['psql', 'pgcli', 'docker'],
  ['tsc', 'npm', 'pnpm', 'yarn'],
  ['eslint', 'biome', 'oxlint', 'npm', 'pnpm', 'yarn'],
  ['flask', 'gunicorn', 'python', 'python3', 'uvicorn'],
];
const isFamily = (one: string, other: string): boolean =>
  FAMILIES.some((family) => family.includes(one) && family.includes(other));

function overlap(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  const [one, other] = [new Set(a), new Set(b)];
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / new Set([...a, ...b]).size;
}

/** A slip of the fingers is no knowledge. */
function isTypo(before: ShellStep, after: ShellStep): boolean {
  if (before.words.length !== after.words.length || before.wrapper !== after.wrapper) return false;
  const changed = before.words.flatMap((word, i) => (word === after.words[i] ? [] : [[word, after.words[i] ?? '']]));
  const [[one = '', other = ''] = []] = changed;
  return (
    changed.length === 1 &&
    /^[a-z][a-z-]{2,}$/u.test(one) &&
    /^[a-z][a-z-]{2,}$/u.test(other) &&
    !isFamily(one, other) &&
    slips(one, other)
  );
}

/** One letter more, less, or two swapped. */
function slips(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  if (one.length === other.length) {
    const at = Array.from(one).flatMap((letter, i) => (letter === other[i] ? [] : [i]));
    const [i = 0, j = 0] = at;
    return at.length === 1 || (at.length === 2 && j === i + 1 && one[i] === other[j] && one[j] === other[i]);
  }
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const at = Array.from(short).findIndex((letter, i) => letter !== long[i]);
  return at === -1 || long.slice(at + 1) === short.slice(at);
}

const ERROR_LINE =
  /error|fatal|not found|unknown|unrecogni[sz]ed|invalid|missing|cannot|can't|could not|denied|refused|no such|unsupported|failed|illegal|usage|required|unexpected|not a |no module|please/iu;

/** The line of an output that says what was wrong. */
function essentialLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[… \d+ characters left out …\]$/u.test(line));
  const line =
    lines.find((text) => WRONG_CALL.test(text)) ??
    lines.findLast((text) => ERROR_LINE.test(text)) ??
    lines.at(-1) ??
    '';
  return cut(line, 200);
}

function asSuggestion({ failed, worked, error, confidence }: Fix): RecallSuggestion {
  const [bad, good] = [squeezed(failed.command), squeezed(worked.command)];
  const program = programOf(
    mainStep(failed) ?? mainStep(worked) ?? { text: '', assignments: [], wrapper: '', words: [] },
  );
  const works = mainStep(worked);
  const aliases = [
    bad,
    good,
    error,
    `${program} error`,
    `${program} fails`,
    works ? `how to run ${cut(works.words.slice(0, 3).join(' '), 60)}` : '',
  ];
  return {
    family: 'recall_candidate',
    summary: cut(`\`${cut(bad, 40)}\` fails here; use \`${cut(good, 40)}\``),
    confidence,
    details: {
      content: [
        `Fails: \`${cut(bad, 400)}\` (exit code ${failed.exitCode ?? '?'})`,
        ...(error === '' ? [] : [`Error: ${error}`]),
        `Works: \`${cut(good, 400)}\``,
      ].join('\n'),
      source_paths: [],
      aliases: [...new Set(aliases.filter((alias) => alias !== '').map((alias) => cut(alias, 120)))],
      turn_id: worked.turnId,
      basis: 'tool',
    },
  };
}
