import { stripHidden } from './hidden-text.ts';

/** The forms of one text in which a rule may look. */
export interface Readings {
  /** As it was given. */
  raw: string;
  /** As a reader sees it, with look-alike letters as Latin ones; quoted examples of attacks are left out. */
  plain: string;
  /** What it says after decoding, unspacing, mirroring: each only when it differs. */
  disguised: string[];
}

const LOOK_ALIKES: Record<string, string> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  ɡ: 'g',
  һ: 'h',
  ӏ: 'l',
  ո: 'n',
  ս: 'u',
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  І: 'I',
  Ѕ: 'S',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ı: 'i',
  ł: 'l',
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ι: 'I',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
};

/** Words that mix Latin with letters that only look Latin; whole words of another alphabet stay as they are. */
const MIXED_WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\u0560-\u0587]{2,}/gu;

const asLatin = (word: string): string => word.replaceAll(/[^a-z]/gi, (letter) => LOOK_ALIKES[letter] ?? letter);
const isLatin = (word: string): boolean => /^[a-z]+$/i.test(word);

/** "не" is a word in a Russian sentence, and a disguise where no other word is Russian. */
function latinised(text: string): string {
  const foreign = (text.match(MIXED_WORD) ?? []).some((word) => !/[a-z]/i.test(word) && !isLatin(asLatin(word)));
  return text.replaceAll(MIXED_WORD, (word) => {
    const latin = asLatin(word);
    return /[a-z]/i.test(word) || (!foreign && isLatin(latin)) ? latin : word;
  });
}

const EMPHASIS = /(?<=[\s*_~(]|^)(?:[*_]{1,3}|~~)(?=[^\s/])|(?<=\S)(?:[*_]{1,3}|~~)(?=[\s*_~).,!?:]|$)/gm;

/** Nothing to strip and nothing to normalise in most notes. */
const IS_ASCII = /^[\t\n\r\x20-\x7e]*$/;

/** The text as a reader takes it in. */
const asRead = (text: string): string =>
  (IS_ASCII.test(text) ? text : latinised(stripHidden(text).normalize('NFKC')))
    .replaceAll(EMPHASIS, '')
    .replaceAll(/[‘’ʼ]/g, "'");

/** Talk about attacks instead of one. */
const DISCUSSES =
  /inject|attack|malicious|hostile|adversar|jailbreak|exploit|mis(?:led|lead)|trick(?:s|ed)|fooled|manipulat|deceiv|phish|poison|suspicious|payload|sanitiz|sanitis|\blint|detect|reject|refus|block(?:s|ed|ing)|filter|strip(?:s|ped)|flag(?:s|ged)|\btest (?:case|fixture|string|input|corpus|sample)s?\b|\btests? (?:that|for|feed|assert|whether)\b|fixture|corpus|regex|example of|quot(?:e|es|ed|ing)\b|phrases?\b|strings? (?:like|such)|owasp|threat|never (?:follow|obey|trust)|(?:not|n't) (?:follow|obey|trust)|as data|untrusted|red.team|攻击|注入|示例|例子|检测|拦截|拒绝|过滤|攻撃|検出|拒否/i;
/** The same words with an order to comply are a disguise. */
const COMPLIES =
  /(?:must|should|shall|always|please|now|then|so|and) (?:be )?(?:obey|follow(?:ed)?|compl(?:y|ied)|execute|do (?:it|what|as)|act on)|do (?:exactly )?(?:what|as) it says|this is not a test|is (?:real|authori[sz]ed|legitimate)|必须执行|照做/i;
const QUOTED =
  /```[^`]{1,1200}```|`[^`\n]{3,300}`|"[^"\n]{3,300}"|“[^”\n]{3,300}”|「[^」\n]{3,300}」|『[^』\n]{3,300}』|«[^»\n]{3,300}»|(?<=[\s(:])'[^'\n]{3,300}'(?=[\s).,;:!?]|$)|^> [^\n]{3,300}/gm;
const CONTEXT = 140;
/** A quotation in a command line is an argument, not an example. */
const SENDS = /\b(?:curl|wget|nc|http|iwr|irm|scp|rsync)\b[^\n]{0,80}$/;

/** Leaves out what is quoted in talk about attacks. */
function withoutExamples(text: string): string {
  return text.replaceAll(QUOTED, (quoted, offset: number) => {
    const before = text.slice(Math.max(0, offset - CONTEXT), offset);
    const after = text.slice(offset + quoted.length, offset + quoted.length + CONTEXT);
    const around = `${before} ${after}`.replaceAll(/https?:\/\/\S+/g, ' ');
    if (/\$[({]/.test(quoted) && SENDS.test(before)) return quoted;
    return DISCUSSES.test(around) && !COMPLIES.test(around) ? ' … ' : quoted;
  });
}

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const unleeted = (text: string): string =>
  text.replaceAll(/(?<![\w@$!])[a-z0-9@$!]*[a-z][a-z0-9@$!]*/gi, (word) =>
    /[0-9@$!](?=[a-z])/i.test(word) && word.length >= 3
      ? word.replaceAll(/[0134557@$!]/g, (sign) => LEET[sign] ?? sign)
      : word,
  );

/** `i g n o r e`, `i-g-n-o-r-e`, `i.g.n.o.r.e`. */
const unspaced = (text: string): string =>
  text.replaceAll(/(?<![A-Za-z])(?:[A-Za-z][ .·_*-]{1,3}){4,}[A-Za-z](?![A-Za-z])/g, (run) =>
    run
      .replaceAll(/[ ]{2,3}/g, '\u0000')
      .replaceAll(/[ .·_*-]/g, '')
      .replaceAll('\u0000', ' '),
  );

const ENTITY: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };
const fromCode = (digits: string, radix: number): string => {
  const code = Number.parseInt(digits, radix);
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '';
};

/** Entities, percent escapes and escapes of strings, once. */
const unescaped = (text: string): string =>
  text
    .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, digits: string) => fromCode(digits, 16))
    .replaceAll(/&#([0-9]{1,7});/g, (_, digits: string) => fromCode(digits, 10))
    .replaceAll(/&(lt|gt|amp|quot|apos|nbsp);/g, (_, name: string) => ENTITY[name] ?? '')
    .replaceAll(/%([2-7][0-9a-f])/gi, (_, digits: string) => fromCode(digits, 16))
    .replaceAll(/\\u\{?([0-9a-f]{4,6})\}?/gi, (_, digits: string) => fromCode(digits, 16))
    .replaceAll(/\\x([2-7][0-9a-f])/gi, (_, digits: string) => fromCode(digits, 16));

/** Names of files and branches have hyphens and underscores where sentences have spaces. */
const unhyphenated = (text: string): string => text.replaceAll(/(?<=[A-Za-z])[-_.+](?=[A-Za-z])/g, ' ');

const rotated = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
const reversed = (text: string): string => Array.from(text).toReversed().join('');

/** A disguise, and what must be in a text for it to be worth undoing. */
const DISGUISES: readonly [RegExp, (text: string) => string][] = [
  [/&#|&[a-z]{2,4};|%[2-7][0-9a-f]|\\[ux][0-9a-f{]/i, unescaped],
  [/[a-z][0134557@$!][a-z]|(?<![\w])[0134557@$!][a-z]/i, unleeted],
  [/(?:[A-Za-z][ .·_*-]{1,3}){5}/, unspaced],
  [
    /(?:ignor\w{0,24}|disregard|forget|overrid\w*|bypass|previous|prior|earlier|system)[-_.+]|(?:[A-Za-z]{1,20}[-_]){3}[A-Za-z]/i,
    unhyphenated,
  ],
  [/vtaber|qvfertneq|sbetrg|bireevqr|olcnff/i, rotated],
  [/erongi|dragersid|tegrof|edirrevo|ssapyb/i, reversed],
  [/<!--|\/\*/, (text) => text.replaceAll(/<!--|-->|\/\*|\*\//g, ' ')],
];

/** All readings of a text. */
export function readingsOf(raw: string): Readings {
  const plain = withoutExamples(asRead(raw));
  const disguised = DISGUISES.filter(([trace]) => trace.test(plain)).map(([, undo]) => undo(plain));
  return { raw, plain, disguised: [...new Set(disguised)].filter((text) => text !== plain) };
}
