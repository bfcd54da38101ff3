import type { ArgsDef } from 'citty';
import { nearName } from '../kernel/near-name.ts';

/** The words of a call, checked and put so that the parser cannot misread them; or what is wrong with them. */
export type CheckedWords = { ok: true; words: string[] } | { ok: false; problem: string };

/**
 * citty passes over flags that it does not know, takes any number of words, and reads a value that
 * begins with `--no-` as a flag. A slip of the finger must not be taken for consent, and a search for
 * `--no-verify` must search for it.
 */
export function checkWords(args: ArgsDef, given: readonly string[]): CheckedWords {
  const words: string[] = [];
  const loose: string[] = [];
  for (let index = 0; index < given.length; index++) {
    const word = given[index] ?? '';
    if (word === '--') {
      loose.push(...given.slice(index + 1));
      words.push(...given.slice(index));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      loose.push(word);
      words.push(word);
      continue;
    }
    const flag = readFlag(args, word, given[index + 1]);
    if (!flag.ok) return flag;
    words.push(flag.word);
    if (flag.usedNext) index++;
  }
  const surplus = surplusOf(args, loose);
  return surplus === undefined ? { ok: true, words } : no(`"${surplus}" is one word too many`);
}

type FlagReading = { ok: true; word: string; usedNext: boolean } | { ok: false; problem: string };

function readFlag(args: ArgsDef, word: string, next: string | undefined): FlagReading {
  const equals = word.indexOf('=');
  const flag = equals === -1 ? word : word.slice(0, equals);
  const definition = definitionOf(args, flag);
  if (!definition) return no(unknownFlag(args, flag));
  if (definition.type === 'boolean') {
    return equals === -1 ? { ok: true, word, usedNext: false } : no(`${flag} takes no value`);
  }
  if (equals !== -1) return { ok: true, word, usedNext: false };
  return next === undefined ? no(`${flag} needs a value`) : { ok: true, word: `${flag}=${next}`, usedNext: true };
}

function unknownFlag(args: ArgsDef, flag: string): string {
  const flags = Object.keys(args).filter((name) => args[name]?.type !== 'positional');
  const typed = flag.replace(/^--?/, '');
  // Every switch has a `--no-` form, which is what a slip in one was meant to be.
  const switches = typed.startsWith('no-') ? flags.filter((name) => args[name]?.type === 'boolean') : [];
  const known = [...flags, ...switches.map((name) => `no-${name}`)];
  const meant = nearName(typed, known) ?? onlyBeginning(typed, known);
  const guess = meant === undefined ? '' : `; did you mean --${meant}?`;
  return `There is no flag ${flag}${guess}${takesWords(args) ? ' (words that begin with a dash go behind --)' : ''}`;
}

/** The name that begins so, where one alone does. */
function onlyBeginning(typed: string, names: readonly string[]): string | undefined {
  const [found, ...more] = typed.length < 2 ? [] : names.filter((name) => name.startsWith(typed));
  return more.length === 0 ? found : undefined;
}

function definitionOf(args: ArgsDef, flag: string): ArgsDef[string] | undefined {
  const name = flag.replace(/^--?/, '');
  const found = own(args, name);
  if (found && found.type !== 'positional') return found;
  const negated = name.startsWith('no-') ? own(args, name.slice('no-'.length)) : undefined;
  return negated?.type === 'boolean' ? negated : undefined;
}

const own = (args: ArgsDef, name: string): ArgsDef[string] | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined;

/** A command whose last argument is called `words` takes as many as come. */
const takesWords = (args: ArgsDef): boolean => Object.hasOwn(args, 'words');

function surplusOf(args: ArgsDef, loose: readonly string[]): string | undefined {
  if (takesWords(args)) return undefined;
  return loose[Object.values(args).filter((definition) => definition.type === 'positional').length];
}

const no = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });
