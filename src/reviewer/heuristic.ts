import { fail, succeed } from '../contracts/failure.ts';
import type { MemorySuggestion, Suggestion } from '../contracts/suggestion.ts';
import type { TurnItem } from '../transcript/turn.ts';
import { correctionRules } from './heuristic-corrections.ts';
import { fixedCommands } from './heuristic-fixed-commands.ts';
import {
  contentOf,
  isKnown,
  knownEntries,
  meaningOf,
  replacedHeading,
  saysTheSame,
  scopeOf,
  summaryOf,
} from './heuristic-memory.ts';
import type { KnownEntry, Meaning } from './heuristic-memory.ts';
import { ownSentences, plainOf } from './heuristic-sentences.ts';
import type { Sentence } from './heuristic-sentences.ts';
import { repeatedSequence } from './heuristic-sequences.ts';
import { standingRules } from './heuristic-standing.ts';
import { vetoOf } from './heuristic-vetoes.ts';
import { cjkWishRules } from './heuristic-wishes-cjk.ts';
import { preferenceRules } from './heuristic-preferences.ts';
import { clausesOf } from './heuristic-request.ts';
import type { Match } from './heuristic-request.ts';
import { wishRules } from './heuristic-wishes.ts';
import type { Reviewer, ReviewTask } from './reviewer.ts';

/** All rules that look at a sentence of the user; the surest match counts. */
const sentenceRules = { ...correctionRules, ...wishRules, ...preferenceRules, ...standingRules, ...cjkWishRules };

/** A sentence that a rule took for a lasting wish. */
interface Wish {
  /** As written: the sentence or the clause that is a wish. */
  text: string;
  plain: string;
  meaning: Meaning;
  confidence: number;
  turnId: string;
}

/** More than this in one review is a pasted rule book, and a person should choose from it. */
const MAX_WISHES = 8;
/**
 * A wish is compared with so many that were found before it. A pasted rule book has thousands, and only the first few
 * are ever suggested; but all are collected, since a later message may take back those of the last turn.
 */
const MAX_COMPARED = 64;

/**
 * The reviewer that needs no model: explicit wishes and corrections in the user's own words,
 * commands that failed and the ones that then worked, procedures that were repeated. Precise
 * rather than plentiful; docs/heuristic-reviewer.md has the figures.
 */
export const heuristicReviewer: Reviewer = {
  costs: false,
  review: (task, signal) =>
    Promise.resolve(
      signal.aborted
        ? fail({ reason: 'aborted', what: 'heuristic review' })
        : succeed({ suggestions: findSuggestions(task), skipped: [] }),
    ),
};

/** What is worth keeping of a session, best first within each family. */
export function findSuggestions({ items, snapshot }: Pick<ReviewTask, 'items' | 'snapshot'>): Suggestion[] {
  const {
    current_user_md: userMd,
    current_memory_md: memoryMd,
    managed_skills_summary: skills,
  } = snapshot.comparison_materials;
  const known = { user: knownEntries(userMd), global: knownEntries(memoryMd) };
  const everything = [...known.user, ...known.global];
  return [
    ...firstUnknown(findWishes(items), everything).map((wish) => asSuggestion(wish, known)),
    ...fixedCommands(items),
    ...repeatedSequence(items, new Set(skills.map(({ skill_id: id }) => id))),
  ];
}

/** The first wishes, in the order of the session, that neither the memory nor one before them says already. */
function firstUnknown(wishes: readonly Wish[], known: readonly KnownEntry[]): Wish[] {
  const chosen: Wish[] = [];
  for (const wish of wishes) {
    if (chosen.length === MAX_WISHES) break;
    const isSaid = chosen.some(({ meaning }) => saysTheSame(meaning, wish.meaning));
    if (!isSaid && !isKnown(wish.meaning, known)) chosen.push(wish);
  }
  return chosen;
}

function findWishes(turnItems: readonly TurnItem[]): Wish[] {
  let wishes: Wish[] = [];
  for (const one of turnItems) {
    if (one.kind !== 'user') continue;
    if (TAKES_BACK.test(one.text.trim()))
      wishes = wishes.filter(({ turnId }) => turnId === '' || turnId !== wishes.at(-1)?.turnId);
    for (const sentence of ownSentences(one.text)) {
      const wish = wishIn(sentence);
      if (wish && !wishes.slice(0, MAX_COMPARED).some((other) => saysTheSame(other.meaning, wish.meaning)))
        wishes.push({ ...wish, turnId: one.turnId });
    }
  }
  return wishes;
}

const TAKES_BACK =
  /^(?:never ?mind|forget (?:that|it|what i (?:just )?said)|scrap that|ignore (?:that|what i (?:just )?said|my last)|取消|算了|当我没说|忘了刚才)/iu;

/** The sentence, or the first clause of it that is a wish without the rest. */
function wishIn(sentence: Sentence): Omit<Wish, 'turnId'> | undefined {
  for (const clause of [sentence, ...clausesOf(sentence)]) {
    const match = surestMatch(sentence, clause);
    if (!match) continue;
    const text = match.waives?.includes('pointsElsewhere')
      ? `${sentence.before} ${sentence.text}`
      : understood(sentence, clause);
    return { text, plain: plainOf(text), meaning: meaningOf(text), confidence: match.confidence };
  }
  return undefined;
}

/** What has to be kept so that the wish can be understood later. */
const understood = (sentence: Sentence, clause: Sentence): string =>
  clause.goesOn === true && vetoOf(sentence) === undefined ? sentence.text : clause.text;

/** A clause is vetoed with its whole sentence, apart from what only says where and how long the rest holds. */
function surestMatch(sentence: Sentence, clause: Sentence): Match | undefined {
  const matches = Object.values(sentenceRules).flatMap((rule) => {
    const match = rule(clause);
    if (!match || vetoOf(clause, match.waives) !== undefined) return [];
    return clause === sentence || vetoOf(sentence, [...OF_THE_REST, ...(match.waives ?? [])]) === undefined
      ? [match]
      : [];
  });
  return matches.toSorted((a, b) => b.confidence - a.confidence)[0];
}

const OF_THE_REST = ['isNarrow', 'isTemporary', 'pointsElsewhere', 'isTooShort', 'isAboutProgram'] as const;

function asSuggestion(
  { text, plain, confidence }: Wish,
  known: { user: KnownEntry[]; global: KnownEntry[] },
): MemorySuggestion {
  const scope = scopeOf(plain);
  const heading = replacedHeading(text, known[scope]);
  return {
    family: 'memory_updates',
    summary: summaryOf(text),
    confidence,
    details: {
      scope,
      action: heading === undefined ? 'add' : 'replace',
      ...(heading === undefined ? {} : { old_summary: heading }),
      content: contentOf(text),
      source_paths: [],
      basis: 'user',
    },
  };
}
