import type { SkillSuggestion } from '../contracts/suggestion.ts';
import type { TurnItem } from '../transcript/turn.ts';
import { cut } from './heuristic-memory.ts';
import { looksAround, programOf, stepsOf } from './heuristic-shell.ts';
import type { ShellStep } from './heuristic-shell.ts';

interface Step {
  /** What makes two steps the same: words with numbers, versions and quoted texts blanked. */
  key: string;
  shown: string;
  step: ShellStep;
  worked: boolean;
}

interface Repeated {
  steps: Step[];
  times: number;
}

const MIN_STEPS = 3;
const MAX_STEPS = 8;

/** A procedure that was gone through several times in one session, as a skill; at most one. */
export function repeatedSequence(turnItems: readonly TurnItem[], knownSkills: ReadonlySet<string>): SkillSuggestion[] {
  const found = longestRepeated(substantialSteps(turnItems));
  if (!found) return [];
  const suggestion = asSkill(found);
  return knownSkills.has(suggestion.details.skill_id) ? [] : [suggestion];
}

/** Looking around is left out: it differs each time and belongs to no procedure. */
function substantialSteps(turnItems: readonly TurnItem[]): Step[] {
  return turnItems.flatMap((one) => {
    if (one.kind !== 'command') return [];
    const steps = stepsOf(one.command).filter((step) => !looksAround(step));
    return steps.map((step) => ({ key: keyOf(step), shown: shownOf(step), step, worked: one.exitCode === 0 }));
  });
}

const VARIES = [
  [/"[^"]*"|'[^']*'/gu, '<text>'],
  [/\bv?\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?\b/gu, '<version>'],
  [/\b[0-9a-f]{7,40}\b/gu, '<hash>'],
  [/\b\d+\b/gu, '<number>'],
] as const;

function blanked(text: string): string {
  let result = text;
  for (const [form, blank] of VARIES) result = result.replaceAll(form, blank);
  return result.replaceAll(/\s+/gu, ' ').trim();
}

const keyOf = ({ text }: ShellStep): string => blanked(text);
const shownOf = ({ text }: ShellStep): string => text.replaceAll(/\s+/gu, ' ').trim();

function longestRepeated(steps: readonly Step[]): Repeated | undefined {
  for (let length = Math.min(MAX_STEPS, Math.floor(steps.length / 2)); length >= MIN_STEPS; length -= 1) {
    const needed = length === MIN_STEPS ? 3 : 2;
    const found = repeatedOf(steps, length, needed);
    if (found) return found;
  }
  return undefined;
}

function repeatedOf(steps: readonly Step[], length: number, needed: number): Repeated | undefined {
  const places = new Map<string, number[]>();
  for (let at = 0; at + length <= steps.length; at += 1) {
    const window = steps.slice(at, at + length);
    if (!isProcedure(window)) continue;
    const key = window.map((step) => step.key).join('\n');
    const earlier = places.get(key) ?? [];
    if (earlier.length === 0 || at >= (earlier.at(-1) ?? 0) + length) places.set(key, [...earlier, at]);
  }
  const best = [...places.values()].filter((list) => list.length >= needed).toSorted((a, b) => b.length - a.length)[0];
  const last = best?.at(-1);
  if (!best || last === undefined) return undefined;
  return { steps: withBlanks(best.map((at) => steps.slice(at, at + length))), times: best.length };
}

/** All steps worked, differ from each other, and are more than one program called with different files. */
function isProcedure(window: readonly Step[]): boolean {
  const keys = new Set(window.map(({ key }) => key));
  const calls = new Set(window.map(nameOf));
  return keys.size === window.length && calls.size >= MIN_STEPS && window.every(({ worked }) => worked);
}

/** What was the same each time is kept as it is; what varied becomes a blank. */
function withBlanks(runs: readonly (readonly Step[])[]): Step[] {
  const [first = [], ...others] = runs;
  return first.map((step, i) =>
    others.every((run) => run[i]?.shown === step.shown) ? step : { ...step, shown: step.key },
  );
}

function asSkill({ steps, times }: Repeated): SkillSuggestion {
  const names = [...new Set(steps.map(nameOf))];
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}` : (names[0] ?? '');
  const numbered = steps.map(({ shown }, i) => `${i + 1}. \`${shown}\``);
  const blanks = steps.some(({ shown }) => /<(?:text|version|hash|number)>/u.test(shown));
  return {
    family: 'skill_action',
    summary: cut(`Procedure in ${steps.length} steps: ${names.join(', ')}`),
    confidence: times >= 3 ? 0.7 : 0.6,
    details: {
      action: 'create',
      skill_id: idOf(names),
      title: cut(`${list.charAt(0).toUpperCase()}${list.slice(1)}`, 80),
      description: cut(`Use when a change here needs ${list}, in this order.`, 300),
      content: [
        `Run these commands in this order, from the root of the repository:`,
        '',
        ...numbered,
        '',
        ...(blanks ? ['Replace each `<…>` by the value of the case at hand.'] : []),
        `Stop when a step fails and fix the cause before the next one. These steps were gone through ${times} times in one session, and all of them worked.`,
      ].join('\n'),
      basis: 'tool',
    },
  };
}

const MAX_ID = 40;

/** The programs in their order; a program's subcommands only where they tell the steps apart. */
function idOf(names: readonly string[]): string {
  const programs = names.map((name) => name.split(' ')[0] ?? name);
  const many = new Set(programs).size >= 3;
  const parts = names.map((name, i) => {
    const program = programs[i] ?? name;
    return many && programs.filter((other) => other === program).length > 1 ? program : name;
  });
  const words = [...new Set(parts.flatMap((part) => kebab(part).split('-')))].filter((word) => word !== '');
  let id = '';
  for (const word of words) {
    if (id.length + word.length >= MAX_ID) break;
    id += id === '' ? word : `-${word}`;
  }
  return id === '' ? 'repeated-commands' : id;
}

/** A step in a word or two: the script, the subcommand or the program. */
function nameOf({ step }: Step): string {
  const rest = step.words.slice(1).filter((_, i) => !/^-[a-z]$/iu.test(step.words[i] ?? ''));
  const program = programOf(step);
  const plain = rest.filter((word) => /^[a-z][\w:.-]*$/iu.test(word) && !/^(?:run|exec)$/u.test(word));
  if (SCRIPT_RUNNER.test(program)) return plain[0] ?? program;
  if (MANY_IN_ONE.test(program)) return [program, plain[0]].filter((word) => word !== undefined).join(' ');
  if (!/^(?:python3?|php|node|tsx|bash|sh|ruby|perl)$/u.test(program))
    return program.replace(SCRIPT_ENDING, '').replace(/^(?:\w+\.)+(?=\w+$)/u, '');
  const [script = program, task] = rest.filter((word) => !word.startsWith('-'));
  const front = /^(?:manage\.py|artisan)$/u.test(script);
  return ((front ? task : undefined) ?? script).replace(/^.*\//u, '').replace(SCRIPT_ENDING, '');
}

/** Runs scripts or targets, whose names say more than its own. */
const SCRIPT_RUNNER =
  /^(?:npm|pnpm|yarn|bun|make|just|task|cargo|go|gradle|gradlew|mvn|mvnw|poetry|uv|rake|composer|deno|dotnet|mix)$/u;
/** Many programs in one: the subcommand is half of the name. */
const MANY_IN_ONE = /^(?:git|docker|kubectl|helm|terraform|gh|aws|gcloud|fly|heroku|alembic|flask|django-admin)$/u;
const SCRIPT_ENDING = /\.(?:sh|bash|py|[cm]?[jt]s|rb|pl|ps1|bat)$/u;
const kebab = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '');
