import { asksFor, opened, request } from './heuristic-request.ts';
import type { WishRule } from './heuristic-request.ts';
import { LASTING, NAMED, PERSONAL, TOOL, WORKFLOW } from './heuristic-words.ts';

/** A choice between what lies on the table: it ends with the task. */
const CHOICE =
  /\b(?:prefer(?:s|red)? (?:the|this|that|option|your|first|second|latter|former|it|a|b|not to|to (?:wait|do|see|keep it|leave|start|go)|if)\b|here\b|in this case|this one|that one|(?:option|version|variant|approach) (?:a|b|1|2|one|two)\b)/u;

const prefers: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const liked = /^(?:i|we) (?:really |strongly |generally |usually |much |always |still )?prefer (.+)/u.exec(rest)?.[1];
  if (liked === undefined) return undefined;
  if (PERSONAL.test(liked)) return { confidence: 0.85 };
  const general = [
    /\b(?:over|to|rather than|instead of|not|types|functions|classes|names|errors|returns)\b/u,
    WORKFLOW,
    TOOL,
  ].some((words) => words.test(rest));
  return general && !CHOICE.test(rest) ? { confidence: 0.85 } : undefined;
};

/** How the assistant talks, and the form of what it hands over, named in general. */
const TALK =
  /\b(?:answers|answering|replies|responses|explanations|summaries|emojis?|bullet points|commit messages|small commits|short commits|code comments|comments in (?:the )?code|apologies|you to (?:apologi[sz]e|praise|answer|reply|respond|ask|explain|be|stop|write|always|never)|you (?:to )?(?:ask|tell|show|check with|confirm with) me|you (?:answered|replied|asked|explained|wrote) (?:in|me|before)|tests first|short variable names|british english|american english|one-liners|walls of text|diffs)\b/u;

const wouldPrefer = asksFor(0.8, /^i(?:'d| would) (?:much |really )?(?:prefer|like|rather)\b/u, {
  needs: TALK,
  unless: new RegExp(CHOICE.source.replace('|if)', ')'), 'u'),
});
const likesOrHates = asksFor(
  0.8,
  /^i (?:really )?(?:like|love|hate|dislike|can't stand|don't like|do not like|don't want|do not want|only want|want(?! you)) /u,
  { needs: TALK, unless: /\b(?:like (?:it|this|that|how|the|your)|this|that)\b/u },
);

const setsLanguage = asksFor(
  0.85,
  /^(?:please |you should |can you |could you |just |only |always )*(?:answer|reply|respond|speak|talk|communicate|explain (?:things|everything)|write (?:your )?(?:answers|replies))(?: to me| with me| me)?(?: only)? in (?:english|chinese|mandarin|german|french|spanish|italian|portuguese|japanese|korean|russian|dutch|polish|turkish|hindi|arabic|simplified chinese|traditional chinese|british english|plain english|the language i)\b/u,
);
const setsManner = asksFor(
  0.85,
  /^(?:please )?keep (?:your |the |all )?(?:answers|replies|responses|explanations|summaries|commit messages|messages|commits|prs|pull requests) (?:as )?(?:short|brief|concise|small|terse|simple|to the point|under|below|in (?:english|chinese|german|french|spanish|japanese|the (?:imperative|present)|present tense|imperative mood)|focused|atomic)\b/u,
);
const givesName = asksFor(
  0.8,
  /^(?:please )?call me (?!when|if|back|later|once|after|on|in|out|crazy|with|from|for|a |the |every|via)[a-z]+/u,
);
const wantsNoneOf = asksFor(
  0.8,
  /^(?:please,? )?(?:no|skip the|drop the|cut the|enough with the|spare me the) (?:\w+ ){0,3}(?:emojis?|apologies|praise|flattery|small talk|filler|preamble|disclaimers|pleasantries|summaries|recaps?)(?: (?:in|at|from) .+)?(?:,? please)?[.!]*$/u,
);

const asksNotAgain: WishRule = ({ plain, text }) => {
  const rest = request(plain) ?? '';
  const ever = /^(?:please )?(?:don't|do not) ever ([a-z-]+)/u.exec(rest);
  const again =
    /^(?:please |just )*(?:(?:don't|do not|never) (?:you )?(?:ever )?)([a-z-]+)\b.*\b(?:again|any ?more|ever)\b/u.exec(
      rest,
    );
  const verb = (ever ?? again)?.[1];
  if (![WORKFLOW, TOOL, PERSONAL, LASTING, HERE].some((words) => words.test(rest)) && !NAMED.test(text))
    return undefined;
  if (verb === undefined || DONE_ALREADY.test(rest) || /^(?:do|doing|try)$/u.test(verb)) return undefined;
  return !ever && REPEATABLE.test(verb) ? undefined : { confidence: 0.85 };
};

/** "You force-pushed to main. Don't do that again.": the sentence before it says what. */
const asksNotThatAgain: WishRule = ({ plain, before }) => {
  const asks =
    /^(?:please |just )*(?:don't|do not|never) (?:you )?(?:ever (?:do|try) (?:it|that|this)\b|(?:do|try) (?:it|that|this)\b.*\b(?:again|any ?more|ever)\b)/u;
  const told = /\byou(?:'ve| have)? (?!can|should|could|might|need|want|may)\w+/iu;
  return asks.test(request(plain) ?? '') && told.test(before) && !/[?？]$/u.test(before)
    ? { confidence: 0.75, waives: ['pointsElsewhere'] }
    : undefined;
};

const HERE =
  /\b(?:here|in (?:this|our) (?:repo|repository|project|codebase|app))\b|\b(?:files?|code|var|any|functions?)\b/u;

const DONE_ALREADY = /\b(?:already|just|now|until|twice|in a row|since|because it|it's (?:done|fine|running|still))\b/u;

/** Verbs of things that one merely repeats: "don't run it again" is about this run. */
const REPEATABLE =
  /^(?:run|rerun|re-run|start|restart|build|rebuild|execute|install|reinstall|fetch|download|try|retry|send|open|call|read|scan|wait|look|check|post|submit|trigger|import|seed|migrate|search|explain|show|print|repeat|go|bother|worry|come|happen|fail|crash|work|need|have|want|see|get)$/u;

const asksToStop: WishRule = ({ plain, text }) => {
  const rest = request(plain) ?? '';
  if (/\bing (?:this|that|it|them)\b(?! \w+ )|\bnow\b|\bthe (?:server|process|script|job|loop|old|new)\b/u.test(rest))
    return undefined;
  const habit =
    /^(?:please )?stop (?:apologi[sz]ing|asking|suggesting|explaining|repeating|summari[sz]ing|inventing|guessing|reformatting|calling me|praising|saying|telling me|assuming|making up|starting with|ending) .{3,}/u;
  const work =
    /^(?:please )?stop (?:adding|using|writing|creating|committing|pushing|putting|leaving|touching|editing|renaming|generating|wrapping|mocking|deleting|removing|rewriting) .{3,}/u;
  const named = [WORKFLOW, TOOL, PERSONAL, HERE].some((words) => words.test(rest)) || NAMED.test(text);
  return habit.test(rest) || (work.test(rest) && named) ? { confidence: 0.85 } : undefined;
};
const ASKED =
  /^(?:please )?(?:i (?:don't|do not|never) want you to|keep (?:it|your)|do not|don't|never) \w.*\b(?:unless i (?:ask|say|tell|explicitly|request|approve)|without (?:asking|my (?:permission|approval|ok|okay|consent|confirmation|explicit)|checking with me|confirming|telling me)|unless (?:asked|told|requested))\b/u;

/** "Never merge without asking". "Do not change files there …" needs the sentence before it, which names the place. */
const asksToBeAsked: WishRule = ({ plain, before }) => {
  if (!ASKED.test(request(plain) ?? '')) return undefined;
  const place = /\bthere\b/u.test(plain) && NAMED.test(before);
  return { confidence: 0.85, waives: place ? ['isNarrow', 'pointsElsewhere'] : ['isNarrow'] };
};

const usesInstead: WishRule = ({ plain, alone }) => {
  const rest = request(plain) ?? '';
  const pair = PAIR_FORMS.map((form) => form.exec(rest)).find((found) => found !== null);
  if (!pair) return undefined;
  if (LASTING.test(plain) || EVERYWHERE.test(plain)) return { confidence: 0.9 };
  const choices = [pair[1] ?? '', pair[2] ?? ''];
  const points = /\b(?:this|that|these|those)\b/u.test(rest);
  // Inside a longer request the choice of a tool is part of the task.
  return alone && !points && choices.every(isNamedChoice) && choices.some((tool) => TOOL.test(tool))
    ? { confidence: 0.8 }
    : undefined;
};

const EVERYWHERE =
  /\b(?:in|for|across) (?:this|the|our) (?:repo|repository|project|codebase|monorepo|package)\b|\beverywhere\b|\bthroughout\b/u;

const WHAT = String.raw`([\w@./+-]+(?: [\w@./+-]+){0,2}?)`;
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

const WORK = String.raw`(?:all|every|each|any|our|your|no)? ?(?:new )?(?:commits?|commit messages?|prs?|pull requests?|branches|branch names|migrations?|releases?|release branches|tags|changelog entries)`;

const rulesOnWork = asksFor(
  0.8,
  new RegExp(
    `^${WORK} (?:must|should|have to|has to|need to|needs to|always|are always|go|goes|get|need|needs) (?!i |we |you )`,
    'u',
  ),
  { unless: /\b(?:this|that|the) (?:pr|commit|branch)/u },
);

/** "In this repo we …". The place is part of the rule, so nothing is taken off. */
const rulesHere: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const rule =
    /^(?:in|for|on) (?:this|our) (?:repo|repository|project|codebase|monorepo|team|company|org),? (?:we (?:use|never|always|don't|do not|only|write|keep|put|name|prefer|deploy|follow|squash|rebase|commit|run)|(?:always|never|prefer|don't|do not|use|avoid) |[\w ]{3,40}: we (?:never|always|only|use|return|write|put|keep|don't|follow) )/u;
  const doubt = /\b(?:and it|but it|but the|is there|where|which one|find|fails?|broken|error)\b/u;
  return rule.test(rest) && !doubt.test(rest) ? { confidence: 0.85 } : undefined;
};

const namesConvention = asksFor(
  0.85,
  /^(?:our|the(?! standard)|this (?:team's|repo's|project's)) (?:convention|rule|policy|standard|house style|code style|style guide|naming convention|branching model|commit convention)(?: here| in this repo| for \w+(?: \w+)?)? (?:is|are|says|requires)\b/u,
  { waives: ['isReported'] },
);
const usesHere = asksFor(
  0.8,
  /^(?:we|this repo|this project|this codebase|the team) (?:only )?uses? (?:only )?[\w.@/-]+(?: [\w.@/-]+)? (?:here|in this (?:repo|project|codebase|repository))(?:, (?:not|never) .+)?[.!]*$/u,
  { needs: TOOL },
);
const weUseNot = asksFor(
  0.8,
  new RegExp(
    `^(?:we|i|this (?:repo|project|codebase|team)) (?:only )?uses? ${WHAT},? (?:not|never|instead of|rather than) ${WHAT}${END}`,
    'u',
  ),
  { needs: TOOL },
);
const weDoNot: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const contrast =
    /^we (?:only )?(?:write|keep|put|name|store|format|document|test|deploy|build|run|install|release) .{3,60}, (?:not|never) .{2,}/u;
  return contrast.test(rest) && (WORKFLOW.test(rest) || TOOL.test(rest)) ? { confidence: 0.8 } : undefined;
};

const asksBeforeEvery = asksFor(
  0.8,
  /^(?:please )?(?:run|update|regenerate|bump|add|check|format|lint|test|rebuild|write|sign|squash|rebase) .{3,80}\b(?:before|after|on|with|for|in) (?:every|each|any) (?:commit|push|merge|pr|pull request|release|deploy|deployment|change|feature|bug ?fix|migration|schema change|new \w+)\b/u,
);

/** Rules about preferences, ways of talking, choices of tools, and the rules of a repository. */
export const preferenceRules = {
  prefers,
  wouldPrefer,
  likesOrHates,
  setsLanguage,
  setsManner,
  givesName,
  wantsNoneOf,
  asksNotAgain,
  asksNotThatAgain,
  asksToStop,
  asksToBeAsked,
  usesInstead,
  rulesOnWork,
  rulesHere,
  namesConvention,
  usesHere,
  weUseNot,
  weDoNot,
  asksBeforeEvery,
} satisfies Record<string, WishRule>;
