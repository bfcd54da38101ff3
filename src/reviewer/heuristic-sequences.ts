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
  const names = steps.map(nameOf);
  const id = names
    .map(kebab)
    .filter((name) => name !== '')
    .slice(0, 5)
    .join('-');
  const skillId = [...new Set(id.split('-'))].join('-').slice(0, 60).replace(/-+$/u, '') || 'repeated-commands';
  const list = [...new Set(names)].join(', ');
  const title = `${list.charAt(0).toUpperCase()}${list.slice(1)}`;
  const numbered = steps.map(({ shown }, i) => `${i + 1}. \`${shown}\``);
  const blanks = steps.some(({ shown }) => /<(?:text|version|hash|number)>/u.test(shown));
  return {
    family: 'skill_action',
    summary: cut(`Procedure in ${steps.length} steps: ${list}`),
    confidence: times >= 3 ? 0.7 : 0.6,
    details: {
      action: 'create',
      skill_id: skillId,
      title: cut(title, 80),
      description: cut(
        `Use when this repository needs these steps in a row: ${list} (${steps.map(({ shown }) => shown).join(' → ')}).`,
        600,
      ),
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

/** A step in a word or two: the script, the subcommand or the program. */
function nameOf({ step }: Step): string {
  const [, ...rest] = step.words;
  const program = programOf(step);
  const plain = rest.filter((word) => /^[a-z][\w:.-]*$/iu.test(word) && !/^(?:run|exec)$/u.test(word));
  if (
    /^(?:npm|pnpm|yarn|bun|make|just|task|cargo|go|gradle|gradlew|mvn|mvnw|poetry|uv|rake|composer|deno|dotnet|mix)$/u.test(
      program,
    )
  )
    return plain[0] ?? program;
  if (/^(?:git|docker|kubectl|helm|terraform|gh|aws|gcloud|fly|heroku|alembic|flask|django-admin)$/u.test(program))
    return [program, plain[0]].filter((word) => word !== undefined).join(' ');
  return /^(?:python3?|node|tsx|bash|sh|ruby|perl)$/u.test(program)
    ? (rest.find((word) => !word.startsWith('-')) ?? program).replace(/^.*\//u, '').replace(SCRIPT_ENDING, '')
    : program.replace(SCRIPT_ENDING, '').replace(/^(?:\w+\.)+(?=\w+$)/u, '');
}

const SCRIPT_ENDING = /\.(?:sh|bash|py|[cm]?[jt]s|rb|pl|ps1|bat)$/u;
const kebab = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '');
