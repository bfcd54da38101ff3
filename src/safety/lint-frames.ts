import { CONCEPTS, type Concept } from './concepts.ts';
import { isRefused } from './lint-patterns.ts';

/** Concepts that make an attack when they stand together in one sentence. */
interface Frame {
  all: readonly Concept[];
  /** How far the concepts may lie apart, in characters from the first to the last. */
  within: number;
  /** What makes the sentence innocent. */
  unless?: RegExp;
  /** A refusal before the first concept changes nothing ("do not mention it"). */
  evenRefused?: boolean;
}

/** What programs, not models, are told. */
const TECHNICAL =
  /\b(?:css|s?css|eslint\w*|\.eslintrc|lint(?:er|ing)?|tsconfig|config(?:uration)?(?: file)?s?|settings?|flags?|defaults?|variables?|theme|styles?|makefile|docker\w*|gitignore|selectors?|routes?|firewall rules?|iptables|schema|migrations?|cors|webpack|vite|nginx|cache|html|templates?|editorconfig|prettier|terraform|helm|ya?ml|database|merge conflicts?|foreign keys?|type(?:script)?|columns?|robots\.txt|rate limits?|memory limits?|time ?outs?|quota|discount|business rules?|validation rules?|http|api (?:requests?|limits?)|the request (?:body|header|is|was)|requests? (?:library|package|to|from|over|with|per)|pull requests?|retention|parser|query|i18n|purchase|order (?:status|id|table))\b/i;
/** Sentences about attacks, incidents and bans. */
const ABOUT_ATTACKS =
  /\b(?:attack(?:s|ers? (?:could|can|may|might))|injection|malware|typo-?squat\w*|phishing|jailbreaks?|red.team|threat model|vulnerabilit(?:y|ies)|incident|post-?mortem|exploit|owasp|cve-\d|beware|scanner|detects?|rejects?|refuses?|blocked|blocks|banned|prohibited|forbidden|not allowed|fails (?:the )?(?:review|ci|build)|is caught|prevents?|(?:was|were|got|have been|has been) (?:leaked|compromised|revoked|rotated|removed)|so that nobody|must not|must never|may not|should not|shouldn't|never|do not|don't|avoid|instead of|rather than|without)\b|不要|不得|禁止|切勿|严禁/i;
const COMMON_STORES =
  /\b(?:vault|1password|bitwarden|doppler|secrets? manager|key ?chain|github (?:actions )?secrets|ci (?:secrets|variables)|kms|sealed secrets|masked|redact\w*|placeholder|example|dummy|fake|test (?:keys?|tokens?|credentials?)|csrf|max_tokens|token (?:count|budget|limit|usage)|design tokens?|input tokens|per token|tokens per)\b/i;

const OVERRIDE: readonly Frame[] = [
  {
    all: ['dismissal', 'orders', 'model'],
    within: 110,
    unless: new RegExp(
      `${TECHNICAL.source}|\\b(?:in|for|about|of) (?:docs/|the (?:readme|wiki|build|docs|install\\w*))`,
      'i',
    ),
  },
  {
    all: ['dismissal', 'orders', 'earlier'],
    within: 90,
    unless: new RegExp(
      `${TECHNICAL.source}|(?:instructions?|rules|guidelines?|prompts?|polic(?:y|ies)|guidance) (?:in|for|about|on|of|from \\w+\\.md)\\b`,
      'i',
    ),
  },
  { all: ['rank', 'overseer'], within: 120, unless: TECHNICAL },
  { all: ['dismissal', 'wishes'], within: 70, unless: TECHNICAL },
];
const ADDRESSED: readonly Frame[] = [
  { all: ['ai', 'dismissal', 'orders'], within: 160, unless: TECHNICAL },
  { all: ['ai', 'damage'], within: 160, unless: ABOUT_ATTACKS },
  { all: ['ai', 'lie'], within: 140, unless: ABOUT_ATTACKS },
  { all: ['ai', 'exposing', 'secret'], within: 160, unless: ABOUT_ATTACKS },
  { all: ['ai', 'sending', 'privacy', 'outside'], within: 200, unless: ABOUT_ATTACKS },
];
const OUTBOUND: readonly Frame[] = [
  {
    all: ['sending', 'secret', 'outside'],
    within: 200,
    unless: new RegExp(`${ABOUT_ATTACKS.source}|${COMMON_STORES.source}`, 'i'),
  },
  {
    all: ['exposing', 'secret', 'public'],
    within: 140,
    unless: new RegExp(`${ABOUT_ATTACKS.source}|${COMMON_STORES.source}`, 'i'),
  },
  {
    all: ['sending', 'privacy', 'outside'],
    within: 160,
    unless: new RegExp(`${ABOUT_ATTACKS.source}|\\b(?:origin|upstream|remote|deploy|staging|pull request)\\b`, 'i'),
  },
];
const CONDITIONAL: readonly Frame[] = [
  { all: ['trigger', 'damage'], within: 200, unless: ABOUT_ATTACKS },
  { all: ['trigger', 'lie'], within: 200, unless: ABOUT_ATTACKS },
  {
    all: ['trigger', 'hush'],
    within: 200,
    unless:
      /\b(?:summar|short|brief|concise|noise|passing|twice|old name|colou?r|emoji|logs? level|trailing|semicolons?|comma|password)\w*/i,
  },
  { all: ['trigger', 'secret', 'exposing'], within: 200, unless: ABOUT_ATTACKS },
];

const MOST_SENTENCES = 400;
/** Sentences and lines; ends of lines within a paragraph end one too. */
const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?])["')\]]?\s+|\n+|(?<=[。！？；])/)
    .filter((sentence) => sentence.length > 8)
    .slice(0, MOST_SENTENCES)
    .map((sentence) => sentence.slice(0, 1_500));

/** From the first to the last of the concepts' first hits; undefined when one is missing. */
function stretch(sentence: string, all: readonly Concept[]): { from: number; to: number } | undefined {
  let from = sentence.length;
  let to = 0;
  for (const concept of all) {
    const hit = CONCEPTS[concept].exec(sentence);
    if (hit === null) return undefined;
    from = Math.min(from, hit.index);
    to = Math.max(to, hit.index + hit[0].length);
  }
  return { from, to };
}

function frameHit(sentence: string, { all, within, unless, evenRefused }: Frame): string | undefined {
  const found = stretch(sentence, all);
  if (found === undefined || found.to - found.from > within) return undefined;
  if (unless?.test(sentence)) return undefined;
  if (evenRefused !== true && isRefused(sentence.slice(0, found.from))) return undefined;
  return sentence.slice(found.from, found.to).replaceAll(/\s+/g, ' ').slice(0, 80);
}

const lookFor =
  (frames: readonly Frame[]) =>
  (text: string): string | undefined => {
    const present = frames.filter(({ all }) => all.every((concept) => CONCEPTS[concept].test(text)));
    if (present.length === 0) return undefined;
    for (const sentence of sentencesOf(text))
      for (const frame of present) {
        const hit = frameHit(sentence, frame);
        if (hit !== undefined) return hit;
      }
    return undefined;
  };

/** Speaks of the model's own orders as of something that is over or ranks below. */
export const dismissesOrders = lookFor(OVERRIDE);
/** Speaks to the model about harm. */
export const addressesTheModel = lookFor(ADDRESSED);
/** Something private leaves for where it does not belong. */
export const letsSecretsOut = lookFor(OUTBOUND);
/** Harm that waits for its occasion. */
export const waitsForATrigger = lookFor(CONDITIONAL);
