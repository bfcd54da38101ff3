import type { Sentence } from './heuristic-sentences.ts';
import type { VetoName } from './heuristic-vetoes.ts';
import { LASTING, PERSONAL, PROGRAM_VERB, TOOL, WORKFLOW } from './heuristic-words.ts';

/** How sure a rule is that the sentence is a lasting wish, and which vetoes do not touch it. */
export interface Match {
  confidence: number;
  waives?: readonly VetoName[];
}

/** Looks at one sentence of the user; undefined: not its business. */
export type WishRule = (sentence: Sentence) => Match | undefined;

const OPENER =
  /^(?:(?:ok(?:ay)?|so|and|also|but|please|pls|plz|btw|by the way|oh|hey|hi|hello|thanks|thank you|thx|great|good|perfect|nice|cool|well|alright|all right|right|yes|yep|yeah|sorry|actually|again|important|note|reminder|fyi|one (?:more|last|other) thing|another thing|just|codex|then|next|ps|p\.s\.|quick note|for the record|to be clear|seriously|look|listen|heads up|kindly|in addition|additionally|finally|first|second|last)(?:[\s,.:;!—–-]+|$))+/u;

/** The sentence without greetings and the like. */
export const opened = (plain: string): string => plain.replace(OPENER, '');

const CONDITION =
  /^(?:in|for|on|when|whenever|before|after|if|with|during|as|every time|each time|any time|anytime|while|at|unless|once|from now on|going forward|generally|by default)\b[^,:]{1,90}[,:] (?:please |you should |then |just )*/u;
/** A condition about the program under work, not about the work. */
const PROGRAM_CONDITION =
  /^(?:when|if|while|once|whenever|after|before|unless) (?:the|a|an|it|its|this|that|there|no|any|users?|nothing|we get|clicked|called|given|empty|null)\b/u;
const MODAL = String.raw`(?:(?:i(?:'d| would)? (?:want|need|expect|like) you to|you (?:should|must|need to|have to|can|ought to)|make sure (?:to|that you|you)|be sure to|try to|let's|please|kindly|we (?:should|must|need to|have to)|you are to|you're supposed to)\s+)?`;

/** What the sentence asks for, once greetings, a condition and "you should" are off; undefined when the condition is the program's. */
function request(plain: string): string | undefined {
  let rest = opened(plain);
  const condition = CONDITION.exec(rest)?.[0];
  if (condition !== undefined && !/^(?:always|never)\b/u.test(rest)) {
    if (
      PROGRAM_CONDITION.test(condition) &&
      !/\b(?:me|you|i|we|commit|pr|push|merge|tests? (?:fail|pass|are)|build (?:fails|breaks))\b/u.test(plain)
    )
      return undefined;
    rest = rest.slice(condition.length);
  }
  return opened(
    rest.replace(/^(?:(?:just )?a (?:rule|reminder|note|convention)[:,] ?|\w[\w ]{2,30}: )/u, (lead) =>
      /\b(?:always|never|use|remember)\b/u.test(lead) ? lead : '',
    ),
  );
}

const asksAlwaysOrNever: WishRule = ({ plain }) => {
  const rest = request(plain);
  if (rest === undefined) return undefined;
  const found = new RegExp(
    `^${MODAL}(?:(?:can|could|would|will) you (?:please )?)?(?:always|never(?: ever)?)(?:, ever,)? (?:please |again )?([a-z][\\w'-]*(?: \\w+)?)`,
    'u',
  ).exec(rest);
  const verb = found?.[1];
  if (verb === undefined || isNarration(verb)) return undefined;
  const lasting = LASTING.test(plain) || WORKFLOW.test(plain) || PERSONAL.test(plain);
  if (PROGRAM_VERB.test(verb) && !lasting) return undefined;
  return { confidence: lasting ? 0.9 : 0.8 };
};

/** "always fails", "never seen", "never a problem": a story, not a request. */
function isNarration(verb: string): boolean {
  const [word = ''] = verb.split(' ');
  if (
    /^(?:a|an|the|in|on|at|been|had|has|have|was|were|is|are|seen|done|gone|got|worked|the|this|that|these|there|it|i|we|you|they|he|she|too|so|not|again|works?|ready|true|false|null|possible|good|great|better|fun|nice|happy|available|present|true-ish|green|red|forget|mind)$/u.test(
      word,
    )
  )
    return true;
  return (
    /(?:[^s]s|ed)$/u.test(word) &&
    !/^(?:need|embed|seed|feed|speed|focus|process|bypass|address|discuss|express|access|compress|assess|press|canvas|alias|bias|guess|pass|miss|cross|class|dress|toss)$/u.test(
      word,
    )
  );
}

const weAlwaysOrNever: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const found =
    /^(?:(?:in|on|at) \w+(?: \w+)? )?(?:that )?we (?:always|never|don't ever|do not ever) ([a-z][\w'-]*)/u.exec(rest);
  const verb = found?.[1];
  if (verb !== undefined && !isNarration(verb) && !STORY_VERB.test(verb)) return { confidence: 0.85 };
  return /^i (?:always|never) (?:want|wanna|use|write|prefer|like) (?!to (?:know|see|understand)\b)/u.test(rest)
    ? { confidence: 0.8 }
    : undefined;
};

const STORY_VERB =
  /^(?:get|see|hit|fail|end|run|wait|lose|know|seem|find|say|forget|struggle|come|go|want|wonder|think|thought|knew|saw|found|hear|feel|receive|hope|plan|talk|manage|finish|notice|ran|said|went|came|lost|made|did|decided|bothered|intend|figure|need)$/u;

const REMEMBER =
  /^(?:i (?:want|need|would like|'d like) you to )?(?:remember|memori[sz]e|keep in mind|bear in mind|don't forget|do not forget|make a note|note for (?:the )?(?:future|next time|later sessions)|for (?:future|later) reference|write this down|save (?:this|that|it)? ?(?:to|in) (?:your |the )?memory|add (?:this |that |it )?to (?:your |the )?memory|put (?:this |that )?in (?:your |the )?memory)(?: (?:this|the following|for (?:the )?(?:future|next time|later|next sessions?)|forever|permanently|please))*[,:]? (?:that |about )?/u;
const PROGRAM_NOUN =
  /\b(?:function|method|list|array|input|argument|param(?:eter)?|variable|loop|null|undefined|index|string|object|returns?|parser|callback|promise|pointer|buffer|iterator|the user can|element|caller|edge cases?|off-by-one|handle|mutex|nil)\b/u;

const asksToRemember: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const lead = REMEMBER.exec(rest)?.[0];
  if (lead === undefined) return undefined;
  const fact = rest.slice(lead.length);
  const firm =
    WORKFLOW.test(fact) ||
    PERSONAL.test(fact) ||
    LASTING.test(rest) ||
    TOOL.test(fact) ||
    /\b(?:we|our|always|never|i|my)\b/u.test(fact);
  if (/^(?:to|don't|not to) /u.test(fact) || /\b(?:remember|forget) to /u.test(lead + fact)) {
    const recurring = /\b(?:before|after|when|whenever|every|each|always|any time|on (?:every|each)|never)\b/u.test(
      fact,
    );
    return recurring && (firm || LASTING.test(fact)) && !PROGRAM_NOUN.test(fact) ? { confidence: 0.8 } : undefined;
  }
  if (!STATES_SOMETHING.test(fact) && !/:\s*$/u.test(lead)) return undefined;
  if (/^(?:keep|bear) in mind/u.test(lead) && !firm) return undefined;
  if (PROGRAM_NOUN.test(fact) && !firm) return undefined;
  return /^(?:that )?(?:we|you|i) (?:discussed|talked|said|spoke|agreed|already|just|tried|had|were|did|saw|fixed|looked)\b/u.test(
    fact,
  )
    ? undefined
    : { confidence: firm ? 0.95 : 0.85 };
};

/** A clause with a verb, or a rule: "our API is …", "deploys go through …", "no force pushes". */
const STATES_SOMETHING =
  /\b(?:is|are|isn't|aren't|must|should|shouldn't|needs?|has|have|uses?|use|lives?|goes|go|runs?|requires?|always|never|prefers?|likes?|wants?|works?|belongs?|don't|doesn't|do not|does not|can't|cannot|can only|only|means|deploys?|expects?|points?|takes?|comes?|stays?|gets?|hate|avoid|keep|put|call|write|begins?|starts?|ends?|fails?|breaks?|happens?|expires?|i'm|we're|it's|there's|no)\b/u;

const saysFromNowOn: WishRule = ({ plain }) => {
  if (!LASTING.test(plain)) return undefined;
  const rest = opened(plain);
  const strong =
    /\b(?:from now on(?:wards?)?|from here on(?: out)?|from today(?: on)?|going forward|moving forward|henceforth)\b/u.test(
      rest,
    );
  const stripped = opened(
    rest
      .replace(LASTING, ' ')
      .replaceAll(/^[\s,:;.–—-]+|[\s,:;–—-]+$/gu, '')
      .replaceAll(/\s+,/gu, ','),
  );
  const clause = opened(stripped.replace(/^[\w ]{2,30}: /u, '').replace(CONDITION, ''));
  if (
    /^(?:i|it|they|he|she|this|that|there|the|a|an|users?|my|his)\b/u.test(clause) &&
    !/^(?:i (?:want|need|expect|prefer|'d like|would like|only want)|(?:the )?(?:commit messages?|commits|tests|prs?|branch(?:es)?)\b)/u.test(
      clause,
    )
  )
    return undefined;
  if (
    /\b(?:will|would|can) (?:be|have|need|become)\b|\bwe (?:might|may|will|plan|want|would|can|need|could)\b|\bi(?:'ll| will)\b/u.test(
      clause,
    )
  )
    return undefined;
  const asks =
    IMPERATIVE.test(clause) ||
    /^(?:you|we) (?:should|must|need to|have to|use|don't|never|always|only|can)\b|^i (?:want|need|expect|prefer|would like|'d like|only want)\b|^(?:all|every|each|any|no|the)? ?(?:commit messages?|commits?|tests?|prs?|pull requests?|branch(?:es| names)?|migrations?|new code|code|comments?|docs|releases?|answers?|responses?)\b/u.test(
      clause,
    );
  return asks ? { confidence: strong ? 0.95 : 0.85 } : undefined;
};

const IMPERATIVE =
  /^(?:please |just |also |only |always |never |kindly |simply |can you |could you |would you |will you |make sure (?:to |you |that you )?|be sure to |try to |you should |first )*(?:(?:do not|don't|no more|stop|avoid|use|run|write|prefer|keep|put|add|ask|answer|reply|respond|speak|talk|explain|call|name|format|commit|push|create|open|check|read|show|tell|give|include|skip|leave|start|begin|end|follow|stick|default|test|build|install|deploy|tag|sign|squash|rebase|merge|update|document|log|pin|bump|regenerate|lint|fix|review|confirm|wait|summari[sz]e|limit|return|send|store|save|place|import|export|mock|treat|assume|consider|be|do|let|get|go|take|make|set|quote|translate|address|refer|mention|note|remove|delete|rename|split|group|sort|wrap|indent|spell|prefix|suffix|annotate|type|validate|verify|ensure|double-check|look|consult|search|propose|suggest|offer|print|generate|spell|pass|point|link|cite|attach|branch|work|plan|think|state|list|enable|disable|use) ?)\b/u;

const prefers: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const choice =
    /\b(?:prefer(?:s|red)? (?:the|this|that|option|your|first|second|latter|former|it|a|b|not to|to (?:wait|do|see|keep it|leave|start|go)|if)\b|here\b|in this case|this one|that one|(?:option|version|variant|approach) (?:a|b|1|2|one|two)\b)/u;
  const over = /\b(?:over|to|rather than|instead of|not)\b/u;
  if (
    /^(?:i|we) (?:really |strongly |generally |usually |much |always |still )?prefer /u.test(rest) ||
    /^prefer /u.test(rest)
  ) {
    const mine = PERSONAL.test(rest.replace(/^(?:i|we) .*?prefer /u, ''));
    if (choice.test(rest) && !mine) return undefined;
    return over.test(rest) || mine || WORKFLOW.test(rest) || TOOL.test(rest) ? { confidence: 0.85 } : undefined;
  }
  if (/^i(?:'d| would) (?:much |really )?(?:prefer|like|rather)\b/u.test(rest))
    return TALK.test(rest) && !choice.test(rest.replace('prefer if', 'prefer')) ? { confidence: 0.8 } : undefined;
  return /^i (?:really )?(?:like|love|hate|dislike|can't stand|don't like|do not like|don't want|do not want|want) /u.test(
    rest,
  ) &&
    TALK.test(rest) &&
    !/\b(?:like (?:it|this|that|how|the|your)|this|that)\b/u.test(rest)
    ? { confidence: 0.8 }
    : undefined;
};

/** How the assistant talks, and the form of what it hands over, named in general. */
const TALK =
  /\b(?:answers|answering|replies|responses|explanations|summaries|emojis?|bullet points|commit messages|small commits|short commits|code comments|comments in (?:the )?code|apologies|you to (?:answer|reply|respond|ask|explain|be|stop|write|always|never)|you (?:answered|replied|asked|explained|wrote) (?:in|me|before)|tests first|short variable names|british english|american english|one-liners|walls of text|diffs)\b/u;

const asksHowToTalk: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const language =
    /^(?:please |you should |can you |could you |just |only |always )*(?:answer|reply|respond|speak|talk|communicate|explain (?:things|everything)|write (?:your )?(?:answers|replies))(?: to me| with me| me)?(?: only)? in (?:english|chinese|mandarin|german|french|spanish|italian|portuguese|japanese|korean|russian|dutch|polish|turkish|hindi|arabic|simplified chinese|traditional chinese|british english|plain english)\b/u;
  if (language.test(rest)) return { confidence: 0.85 };
  const manner =
    /^(?:please )?keep (?:your |the |all )?(?:answers|replies|responses|explanations|summaries|commit messages|messages|commits|prs|pull requests) (?:as )?(?:short|brief|concise|small|terse|simple|to the point|under|below|in|focused|atomic)\b/u;
  if (manner.test(rest)) return { confidence: 0.85 };
  return /^(?:please,? )?(?:no|skip the|drop the|cut the|enough with the|spare me the) (?:\w+ ){0,3}(?:emojis?|apologies|praise|flattery|small talk|filler|preamble|disclaimers|pleasantries|summaries|recaps?)(?: (?:in|at|from) .+)?(?:,? please)?[.!]*$/u.test(
    rest,
  )
    ? { confidence: 0.8 }
    : undefined;
};

const asksNotAgain: WishRule = ({ plain, before }) => {
  const rest = request(plain) ?? '';
  const again =
    /^(?:please |just )*(?:(?:don't|do not|never) (?:you )?(?:ever )?)([a-z-]+)\b(.*)\b(?:again|any ?more|ever)\b/u.exec(
      rest,
    );
  const ever = /^(?:please )?(?:don't|do not) ever ([a-z-]+)/u.exec(rest);
  const verb = (again ?? ever)?.[1];
  if (verb !== undefined) {
    if (/\b(?:already|just|now|until|twice|in a row|since|because it|it's (?:done|fine|running|still))\b/u.test(rest))
      return undefined;
    if (!ever && REPEATABLE.test(verb)) return undefined;
    if (/^(?:do|doing|try)$/u.test(verb) && /^\S+ (?:\S+ )*(?:do|try) (?:it|that|this)\b/u.test(rest)) {
      return /\byou(?:'ve| have)? (?!can|should|could|might|need|want|may)\w+/iu.test(before)
        ? { confidence: 0.75, waives: ['pointsElsewhere'] }
        : undefined;
    }
    return { confidence: 0.85 };
  }
  if (
    /^(?:please )?stop (?:adding|using|writing|apologi[sz]ing|asking|creating|committing|pushing|putting|suggesting|leaving|explaining|repeating|summari[sz]ing|inventing|guessing|touching|editing|reformatting|renaming|generating|wrapping|ending|starting with|calling|praising|saying|telling me|mocking|assuming|deleting|removing|making up|rewriting)\b.{3,}/u.test(
      rest,
    )
  ) {
    return /\bing (?:this|that|it|them)\b(?! \w+ )|\bnow\b|\bthe (?:server|process|script|job|loop)\b/u.test(rest)
      ? undefined
      : { confidence: 0.85 };
  }
  return /^(?:please )?(?:do not|don't|never) \w.*\b(?:unless i (?:ask|say|tell|explicitly|request|approve)|without (?:asking|my (?:permission|approval|ok|okay|consent|confirmation|explicit)|checking with me|confirming|telling me)|unless (?:asked|told|requested))\b/u.test(
    rest,
  )
    ? { confidence: 0.85, waives: ['isNarrow'] }
    : undefined;
};

/** Verbs of things that one merely repeats: "don't run it again" is about this run. */
const REPEATABLE =
  /^(?:run|rerun|re-run|start|restart|build|rebuild|execute|install|reinstall|fetch|download|try|retry|send|open|call|read|scan|wait|look|check|post|submit|trigger|import|seed|migrate|search|explain|show|print|repeat|go|bother|worry|come|happen|fail|crash|work|need|have|want|see|get)$/u;

const usesInstead: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const pair = PAIR_FORMS.map((form) => form.exec(rest)).find((found) => found !== null);
  const [, chosen = '', rejected = ''] = pair ?? [];
  if (chosen === '' || rejected === '') return undefined;
  const lasting =
    LASTING.test(plain) ||
    /\b(?:in|for|across) (?:this|the|our) (?:repo|repository|project|codebase|monorepo|package)\b|\beverywhere\b|\bthroughout\b/u.test(
      plain,
    );
  if (!lasting && !(isNamedChoice(chosen) && isNamedChoice(rejected) && (TOOL.test(chosen) || TOOL.test(rejected))))
    return undefined;
  return { confidence: lasting ? 0.9 : 0.8 };
};

const WHAT = String.raw`([\w@./+ -]{2,40}?)`;
const END = String.raw`(?= (?:here|in|for|to|when|as|on|with|please|everywhere|because|since|from|now|going|at|across|any ?more|by)\b|[,.;!()]|$)`;
const PAIR_FORMS = [
  new RegExp(
    `^(?:please |you should |just |we |you must |always )*use ${WHAT},? (?:instead of|rather than|in place of|over|and not|but not|not|never) ${WHAT}${END}`,
    'u',
  ),
  new RegExp(`^(?:please )*instead of ${WHAT},? (?:please )?use ${WHAT}${END}`, 'u'),
  new RegExp(`^(?:please )*(?:don't|do not|never) use ${WHAT}[,;:.] ?(?:please )?use ${WHAT}(?: instead)?${END}`, 'u'),
  new RegExp(`^we (?:switched|moved|migrated) (?:from ${WHAT} to ${WHAT})${END}`, 'u'),
];

/** A name, not a description: no article, no camelCase identifier, at most three words. */
const isNamedChoice = (phrase: string): boolean =>
  !/\b(?:a|an|the|this|that|my|your|these|those|it|one|new|old|another|same)\b|\d{3,}|[()]/u.test(phrase) &&
  phrase.trim().split(/\s+/u).length <= 3;

const statesRepositoryRule: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const work = String.raw`(?:all|every|each|any|our|your|no)? ?(?:new )?(?:commits?|commit messages?|prs?|pull requests?|branches|branch names|migrations?|releases?|release branches|tags|changelog entries)`;
  if (
    new RegExp(
      `^${work} (?:must|should|have to|has to|need to|needs to|always|are always|go|goes|get|need|needs) (?!i |we |you )`,
      'u',
    ).test(rest) &&
    !/\b(?:this|that|the)\b (?:pr|commit|branch)/u.test(rest)
  )
    return { confidence: 0.8 };
  if (
    /^(?:in|for|on) (?:this|our) (?:repo|repository|project|codebase|monorepo|team|company|org),? (?:we (?:use|never|always|don't|do not|only|write|keep|put|name|prefer|deploy|follow|squash|rebase|commit|run)|(?:always|never|prefer|don't|do not|use|avoid) )/u.test(
      rest,
    ) &&
    /^(?!.*\b(?:and it|but it|but the|is there|where|which one|find|fails?|broken|error)\b)/u.test(rest)
  )
    return { confidence: 0.85 };
  if (
    /^(?:our|the|this (?:team's|repo's|project's)) (?:convention|rule|policy|standard|house style|code style|style guide|naming convention|branching model|commit convention)(?: here| in this repo| for \w+(?: \w+)?)? (?:is|are|says|requires)\b/u.test(
      rest,
    )
  )
    return { confidence: 0.85, waives: ['isReported'] };
  if (
    /^(?:we|this repo|this project|this codebase|the team) (?:only )?uses? (?:only )?[\w.@/-]+(?: [\w.@/-]+)? (?:here|in this (?:repo|project|codebase|repository))(?:, (?:not|never) .+)?[.!]*$/u.test(
      rest,
    ) &&
    TOOL.test(rest)
  )
    return { confidence: 0.8 };
  if (
    new RegExp(
      `^(?:we|i|this (?:repo|project)) (?:only )?use ${WHAT},? (?:not|never|instead of|rather than) ${WHAT}${END}`,
      'u',
    ).test(rest) &&
    TOOL.test(rest)
  )
    return { confidence: 0.8 };
  return /^(?:please )?(?:run|update|regenerate|bump|add|check|format|lint|test|rebuild|write|sign|squash|rebase) .{3,80}\b(?:before|after|on|with|for|in) (?:every|each|any) (?:commit|push|merge|pr|pull request|release|deploy|deployment|change|feature|bug ?fix|migration|schema change|new \w+)\b/u.test(
    rest,
  )
    ? { confidence: 0.8 }
    : undefined;
};

/** A point of a list whose header says that rules follow. */
const standsUnderRules: WishRule = ({ header, listed, plain }) => {
  if (!listed || header === '') return undefined;
  const announces =
    /\b(?:remember|from now on|going forward|ground rules|house rules|(?:some|my|our|few|these|the following) (?:\w+ )?(?:rules|conventions|preferences)|rules for (?:you|this repo|this project|working|our|the repo)|how (?:i|we) (?:work|like)|please follow|keep in mind|for (?:all )?future)\b|记住|以后|我的(?:偏好|习惯|要求)|(?:本|这个)?(?:仓库|项目)(?:的)?(?:约定|规范|规则)|请遵守|覚えて|今後/u;
  return announces.test(header) && plain.length >= 8 ? { confidence: 0.9, waives: ['isTooShort'] } : undefined;
};

export const wishRules = {
  asksAlwaysOrNever,
  weAlwaysOrNever,
  asksToRemember,
  saysFromNowOn,
  prefers,
  asksHowToTalk,
  asksNotAgain,
  usesInstead,
  statesRepositoryRule,
  standsUnderRules,
} satisfies Record<string, WishRule>;
