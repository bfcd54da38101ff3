import { givesStrangersAuthority } from './lint-authority.ts';
import { plantsABackdoor } from './lint-backdoors.ts';
import { disablesSafety, hidesFromTheUser } from './lint-conduct.ts';
import { decodedBlobs, runsABlob } from './lint-encoded.ts';
import { exfiltrates } from './lint-exfiltration.ts';
import { addressesTheModel, dismissesOrders, letsSecretsOut, waitsForATrigger } from './lint-frames.ts';
import { breaksTheFence, mimicsTheAnswer } from './lint-form.ts';
import { installsFromAStranger } from './lint-installers.ts';
import { overridesInstructions } from './lint-instructions.ts';
import { installsAnImpostor } from './lint-packages.ts';
import { attacksInAnotherLanguage } from './lint-languages.ts';
import { speaksToTheReader } from './lint-addressed.ts';
import { lowersTheGuard } from './lint-lowered.ts';
import { flowsOut } from './lint-outflow.ts';
import { mayBeAnAttack, poisonScore, readsLikeAnAttack } from './poison-model.ts';
import { playsAPersona } from './lint-personas.ts';
import { runsRemoteCode } from './lint-remote-code.ts';
import { asksForCredentials, propagatesItself } from './lint-requests.ts';
import { mimicsARole } from './lint-roles.ts';
import { opensTheDoor } from './lint-switches.ts';
import { suspiciousCharacter } from './hidden-text.ts';
import { readingsOf, type Readings } from './readings.ts';

/** What the lint says about one suggestion; `rule` is a key of `rules`, `detail` at most 100 characters. */
export type LintVerdict = { ok: true } | { ok: false; reason: 'injection_suspected'; rule: RuleName; detail: string };

/** Names what is wrong with a text, or undefined. */
type Rule = (readings: Readings, score: typeof poisonScore) => string | undefined;
type PlainRule = (text: string) => string | undefined;

const inPlain =
  (rule: PlainRule): Rule =>
  ({ plain }) =>
    rule(plain);

/** For what people take the trouble to disguise. */
const inEveryReading =
  (rule: PlainRule): Rule =>
  ({ plain, disguised }) => {
    for (const text of [plain, ...disguised]) {
      const hit = rule(text);
      if (hit !== undefined) return hit;
    }
    return undefined;
  };

const SPOKEN: readonly PlainRule[] = [
  overridesInstructions,
  dismissesOrders,
  addressesTheModel,
  givesStrangersAuthority,
  playsAPersona,
  opensTheDoor,
  speaksToTheReader,
  lowersTheGuard,
  mimicsTheAnswer,
  breaksTheFence,
  mimicsARole,
  disablesSafety,
  hidesFromTheUser,
  propagatesItself,
  asksForCredentials,
  exfiltrates,
  letsSecretsOut,
  flowsOut,
  attacksInAnotherLanguage,
  waitsForATrigger,
  installsFromAStranger,
  runsRemoteCode,
  plantsABackdoor,
];

/** Prose that somebody took the trouble to encode, and that tells to do something. */
const HIDDEN_ORDER =
  /\b(?:curl|wget|run|execute|send|ignore|obey|delete|forget|upload|disregard|reveal|must|always|never|instructions?|secrets?|tokens?|keys?|assistant|agent|approve)\b|https?:/i;
const saysOrders = (text: string): string | undefined =>
  (text.split(/\s+/).length >= 5 && /^[^<{]/.test(text) && HIDDEN_ORDER.test(text)) ||
  /["']role["']\s*:\s*["'](?:system|developer)/.test(text)
    ? text
    : undefined;

/** A blob is judged by what it says, once it says something. */
function encodesInstructions({ plain }: Readings): string | undefined {
  for (const text of decodedBlobs(plain))
    for (const rule of [...SPOKEN, saysOrders]) {
      const hit = rule(text);
      if (hit !== undefined) return hit;
    }
  return undefined;
}

const rules = {
  'hidden-characters': ({ raw }) => suspiciousCharacter(raw),
  'instruction-override': inEveryReading(overridesInstructions),
  'orders-dismissed': inEveryReading(dismissesOrders),
  'model-addressed': inEveryReading(addressesTheModel),
  'foreign-authority': inEveryReading(givesStrangersAuthority),
  persona: inEveryReading(playsAPersona),
  'role-mimicry': inPlain(mimicsARole),
  'fence-break': inPlain(breaksTheFence),
  'answer-mimicry': inPlain(mimicsTheAnswer),
  'encoded-instructions': encodesInstructions,
  'obeys-encoded-text': inPlain(runsABlob),
  'unknown-installer': inPlain(installsFromAStranger),
  'remote-code': inPlain(runsRemoteCode),
  'impostor-package': inPlain(installsAnImpostor),
  exfiltration: inPlain(exfiltrates),
  'secrets-outbound': inPlain(letsSecretsOut),
  outflow: inPlain(flowsOut),
  'another-language': inPlain(attacksInAnotherLanguage),
  'delayed-trigger': inPlain(waitsForATrigger),
  backdoor: inPlain(plantsABackdoor),
  'reader-addressed': inEveryReading(speaksToTheReader),
  'guard-lowered': inPlain(lowersTheGuard),
  'door-opened': inEveryReading(opensTheDoor),
  'safety-disabled': inEveryReading(disablesSafety),
  'hidden-from-user': inEveryReading(hidesFromTheUser),
  'self-propagation': inPlain(propagatesItself),
  'credential-request': inPlain(asksForCredentials),
  'attack-wording': ({ plain }, score) => readsLikeAnAttack(plain, score),
} satisfies Record<string, Rule>;

/** The name of a rule, as it appears in receipts. */
export type RuleName = keyof typeof rules;

/** Rules that stop honest notes now and then: they count where the whole reads like an attack at least a little. */
const DOUBTFUL: ReadonlySet<RuleName> = new Set([
  'orders-dismissed',
  'model-addressed',
  'secrets-outbound',
  'exfiltration',
  'outflow',
  'another-language',
  'door-opened',
  'safety-disabled',
  'hidden-from-user',
]);

/** Longer texts are no suggestions; what lies beyond is not stored either. */
const LONGEST = 100_000;

/**
 * Judges the texts of one suggestion (summary, content, title, description …) together, because an attack may be
 * split between them. Cheap enough for every load: a few expressions, each bounded, over the text and its readings.
 *
 * @param score what a text scores; tests give what a model says that has not seen it
 */
export function lintSuggestion(parts: readonly string[], score = poisonScore): LintVerdict {
  const readings = readingsOf(parts.join('\n').slice(0, LONGEST));
  const forms = [readings.plain, ...readings.disguised];
  for (const [rule, judge] of entries(rules)) {
    const detail = judge(readings, score);
    if (detail === undefined) continue;
    if (DOUBTFUL.has(rule) && !forms.some((text) => mayBeAnAttack(text, score))) continue;
    return { ok: false, reason: 'injection_suspected', rule, detail: detail.slice(0, 100) };
  }
  return { ok: true };
}

const entries = <K extends string, V>(record: Record<K, V>): [K, V][] => {
  const pairs: [K, V][] = [];
  for (const key in record) pairs.push([key, record[key]]);
  return pairs;
};
