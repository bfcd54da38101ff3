import fs from 'node:fs';
import path from 'node:path';
import { INNOCENT_BY_HAND, POISON_BY_HAND } from '../test/corpora/by-hand.ts';
import { attacksByKind, innocentsByKind } from '../test/corpora/by-kind.ts';
import { lastAttacksByKind, lastInnocentsByKind } from '../test/corpora/by-kind-last.ts';
import { moreAttacksByKind, moreInnocentsByKind } from '../test/corpora/by-kind-more.ts';
import { heldOutAttacks, heldOutInnocents } from '../test/corpora/hold-out.ts';
import { innocentSuggestions } from '../test/corpora/innocents.ts';
import { LISTED_ATTACKS } from '../test/corpora/listed-attacks.ts';
import { MORE_LISTED_ATTACKS } from '../test/corpora/listed-attacks-more.ts';
import { LISTED_INNOCENTS } from '../test/corpora/listed-innocents.ts';
import { MORE_LISTED_INNOCENTS } from '../test/corpora/listed-innocents-more.ts';
import { poisonAttempts, type Suggested } from '../test/corpora/poison.ts';
import { dice, FIXED_SEED, type Dice } from '../test/corpora/random.ts';

/** A labelled text. Those of one group never stand on both sides of a split. */
export interface Sample {
  text: string;
  attack: boolean;
  group: string;
  /** How much it counts: three texts of one template count as one. */
  share: number;
}

const CORPORA = path.join(import.meta.dirname, '..', 'test', 'corpora');
/** Corpora that others wrote, each as a group of its own. */
export const OTHERS: readonly string[] = fs
  .readdirSync(path.join(CORPORA, 'poison'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .toSorted();

interface Kinded {
  kind: string;
  text: string;
}
/** The attacks and the innocents of a corpus that somebody else wrote. */
export const corpusOf = (name: string): Corpus => readCorpus(path.join(CORPORA, 'poison', `${name}.json`));

interface Corpus {
  attacks: Kinded[];
  innocents: Kinded[];
}
function readCorpus(file: string): Corpus {
  const corpus: Corpus = JSON.parse(fs.readFileSync(file, 'utf8'));
  return corpus;
}

function labelled({ attacks, innocents }: Corpus, group: string): Sample[] {
  const all = (list: Kinded[], attack: boolean): Sample[] =>
    list.map(({ text }) => ({ text, attack, group, share: 1 }));
  return [...all(attacks, true), ...all(innocents, false)];
}
const byOthers = (name: string): Sample[] => labelled(corpusOf(name), name);
/** An attack, and what an honest note says with the same words; some paraphrase texts of corpora a to d. */
const pairs = (): Sample[] => labelled(readCorpus(path.join(CORPORA, 'contrast-pairs.json')), 'pairs');

const ROUNDS = 3;
/** The rules were made from our own texts, and strangers word things otherwise. */
const OWN_SHARE = 0.25;
type Templates = (from: Dice, rounds: number) => Suggested[];
const filledIn = (attack: boolean, templates: Templates): Sample[] =>
  templates(dice(FIXED_SEED), ROUNDS).map(({ parts }) => ({
    text: parts.join('\n'),
    attack,
    group: 'own',
    share: OWN_SHARE / ROUNDS,
  }));
const listed = (attack: boolean, texts: readonly string[]): Sample[] =>
  texts.map((text) => ({ text, attack, group: 'own', share: OWN_SHARE }));

function own(): Sample[] {
  const attacks = [attacksByKind, moreAttacksByKind, lastAttacksByKind, heldOutAttacks, poisonAttempts];
  const innocents = [innocentsByKind, moreInnocentsByKind, lastInnocentsByKind, heldOutInnocents, innocentSuggestions];
  return [
    ...attacks.flatMap((templates) => filledIn(true, templates)),
    ...innocents.flatMap((templates) => filledIn(false, templates)),
    ...listed(
      true,
      [...LISTED_ATTACKS, ...MORE_LISTED_ATTACKS].map(([, text]) => text),
    ),
    ...listed(false, [...LISTED_INNOCENTS, ...MORE_LISTED_INNOCENTS]),
    ...listed(true, POISON_BY_HAND),
    ...listed(false, INNOCENT_BY_HAND),
  ];
}

/** What people say to an agent is no note, but the offline reviewer makes notes of it. */
const WISH_SHARE = 0.12;
function wishes(): Sample[] {
  const folder = path.join(CORPORA, 'heuristic');
  const texts = fs
    .readdirSync(folder)
    .toSorted()
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { turns }: { turns: [who: string, text: string][] } = JSON.parse(line);
      return turns.filter(([who]) => who === 'user' || who === 'assistant').map(([, text]) => text);
    });
  return [...new Set(texts)]
    .filter((text) => text.length >= 25 && text.length <= 1_500)
    .map((text) => ({ text, attack: false, group: 'wishes', share: WISH_SHARE }));
}

/** Paragraphs of manuals are no notes either, but notes repeat what manuals say. */
const MANUAL_SHARE = 0.17;
function manuals(): Sample[] {
  const paragraphs: { source: string; text: string }[] = JSON.parse(
    fs.readFileSync(path.join(CORPORA, 'manuals.json'), 'utf8'),
  );
  return paragraphs.map(({ text }) => ({ text, attack: false, group: 'manuals', share: MANUAL_SHARE }));
}

/** All labelled texts, in an order that only the corpora decide. */
export const samples = (): Sample[] => [...own(), ...pairs(), ...OTHERS.flatMap(byOthers), ...wishes(), ...manuals()];
