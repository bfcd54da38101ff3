import { asksFor, CONDITION, MODAL, opened, request } from './heuristic-request.ts';
import type { WishRule } from './heuristic-request.ts';
import { LASTING, NAMED, PERSONAL, PROGRAM_VERB, TOOL, WORKFLOW } from './heuristic-words.ts';

const asksAlwaysOrNever: WishRule = ({ plain, text }) => {
  const rest = request(plain);
  if (rest === undefined) return undefined;
  const found = new RegExp(
    `^${MODAL}(?:(?:can|could|would|will) you (?:please )?)?(?:always|never(?: ever)?)(?:, ever,)? (?:please |again )?([a-z][\\w'-]*(?: \\w+)?)`,
    'u',
  ).exec(rest);
  const verb = found?.[1];
  if (verb === undefined || isNarration(verb)) return undefined;
  return namesWork(rest, verb) || namesSomething(text, verb) || LASTING.test(plain) || PERSONAL.test(plain)
    ? { confidence: 0.9 }
    : undefined;
};

/** "Always keep the modal open" is how the program shall behave: the work must be named, besides by the verb. */
function namesWork(rest: string, verb: string): boolean {
  const [first = verb] = verb.split(' ');
  const object = rest.slice(rest.indexOf(verb) + first.length);
  return (
    TO_THE_ASSISTANT.test(verb) || (!PROGRAM_VERB.test(verb) && [WORKFLOW, TOOL].some((words) => words.test(object)))
  );
}

const namesSomething = (text: string, verb: string): boolean =>
  /^(?:run|edit|touch|modify|change|put|delete|remove)\b/u.test(verb) && NAMED.test(text);

/** Only somebody who writes code can be told this. */
const TO_THE_ASSISTANT =
  /^(?:guess|invent|hallucinate|make up|assume|apologi[sz]e|refactor|force[- ]push|rewrite|reformat|double-check)\b/u;

/** "always fails", "never seen, "never a problem": a story, not a request. */
function isNarration(verb: string): boolean {
  const [word = ''] = verb.split(' ');
  return STATE.test(word) || (/(?:[^s]s|ed)$/u.test(word) && !BASE_FORM.test(word));
}

const STATE =
  /^(?:a|an|the|in|on|at|after|before|during|when|while|if|for|from|by|with|as|under|over|only|just|because|since|been|had|has|have|was|were|is|are|seen|done|gone|got|worked|the|this|that|these|there|it|i|we|you|they|he|she|too|so|not|again|works?|ready|true|false|null|possible|good|great|better|fun|nice|happy|available|present|true-ish|green|red|forget|mind)$/u;
/** Words that look like a third person or a past and are none. */
const BASE_FORM =
  /^(?:need|embed|seed|feed|speed|focus|process|bypass|address|discuss|express|access|compress|assess|press|canvas|alias|bias|guess|pass|miss|cross|class|dress|toss)$/u;

const weAlwaysOrNever: WishRule = ({ plain, text }) => {
  const found =
    /^(?:(?:in|on|at) \w+(?: \w+)? )?(?:that )?we (?:always|never|don't ever|do not ever) ([a-z][\w'-]*)/u.exec(
      request(plain) ?? '',
    );
  const verb = found?.[1];
  if (verb === undefined || isNarration(verb) || STORY_VERB.test(verb)) return undefined;
  const work = NAMED.test(text) || [WORKFLOW, TOOL, LASTING, HERE].some((words) => words.test(plain));
  return work ? { confidence: 0.85 } : undefined;
};

const HERE = /\bhere\b|\b(?:code|classes|functions|files?|data model)\b/u;

const STORY_VERB =
  /^(?:wrote|had|took|gave|used|got|sent|kept|put|get|see|hit|fail|end|run|wait|lose|know|seem|find|say|forget|struggle|come|go|want|wonder|think|thought|knew|saw|found|hear|feel|receive|hope|plan|talk|manage|finish|notice|ran|said|went|came|lost|made|did|decided|bothered|intend|figure|need)$/u;

const iAlwaysWant = asksFor(0.8, /^i (?:always|never) (?:want|wanna|prefer|like) (?!to (?:know|see|understand)\b)/u);

const REMEMBER =
  /^(?:i (?:want|need|would like|'d like) you to )?(?:remember|memori[sz]e|keep in mind|bear in mind|don't forget|do not forget|make a note|note for (?:the )?(?:future|next time|later sessions)|for (?:future|later) reference|write this down|save (?:this|that|it)? ?(?:to|in) (?:your |the )?memory|add (?:this |that |it )?to (?:your |the )?memory|put (?:this |that )?in (?:your |the )?memory)(?: (?:this|the following|for (?:the )?(?:future|next time|later|next sessions?)|forever|permanently|please))*[,:]? (?:that |about )?/u;
const PROGRAM_NOUN =
  /\b(?:function|method|list|array|input|argument|param(?:eter)?|variable|loop|null|undefined|index|string|object|returns?|parser|callback|promise|pointer|buffer|iterator|the user can|element|caller|edge cases?|off-by-one|handle|mutex|nil)\b/u;

/** "Remember that …": a fact. */
const asksToRemember: WishRule = ({ plain }) => {
  const { lead, fact } = remembered(plain);
  if (fact === '' || isErrand(lead, fact) || TALKED_ABOUT.test(fact) || FOR_NOW.test(fact)) return undefined;
  if (!STATES_SOMETHING.test(fact) && !/:\s*$/u.test(lead)) return undefined;
  const firm = isAboutWork(fact);
  if (!firm && (/^(?:keep|bear) in mind/u.test(lead) || PROGRAM_NOUN.test(fact))) return undefined;
  return { confidence: firm ? 0.95 : 0.85, waives: ['isAboutProgram'] };
};

/** What will not be true any more when it is read again. */
const FOR_NOW =
  /^(?:so|because|when|how|why|if) |\b(?:is|are) (?:down|broken|offline)\b|\bat the moment\b|\bcurrently\b|\byou have \d+|\bdeadline\b/u;

/** "Remember to …": an errand, unless it comes back each time. */
const asksToRememberTo: WishRule = ({ plain }) => {
  const { lead, fact } = remembered(plain);
  if (fact === '' || !isErrand(lead, fact) || ONCE.test(fact) || PROGRAM_NOUN.test(fact)) return undefined;
  return RECURRING.test(fact) && isAboutWork(fact) ? { confidence: 0.8 } : undefined;
};

function remembered(plain: string): { lead: string; fact: string } {
  const rest = opened(plain);
  const lead = REMEMBER.exec(rest)?.[0] ?? '';
  return { lead, fact: lead === '' ? '' : rest.slice(lead.length) };
}

const isErrand = (lead: string, fact: string): boolean =>
  /^(?:to|don't|not to) /u.test(fact) || /\b(?:remember|forget) to /u.test(lead + fact);

const isAboutWork = (fact: string): boolean =>
  [WORKFLOW, PERSONAL, LASTING, TOOL, OURS].some((words) => words.test(fact));

const OURS = /\b(?:we|our|always|never|my|i'm|i am|i (?:prefer|like|use|work|want|need|live|hate|speak|am))\b/u;
const ONCE =
  /\bwhen (?:you(?:'re| are)|we(?:'re| are)|it(?:'s| is)|this|that|everything|i|done|finished|ready)\b|\b(?:this|that|it)\b/u;
const TALKED_ABOUT =
  /^(?:that )?(?:we|you|i) (?:discussed|talked|said|spoke|agreed|already|just|tried|had|were|did|saw|fixed|looked)\b/u;

/** What is to be done each time, not once. */
const RECURRING = /\b(?:whenever|every|each|always|any time|never|when you (?:add|change|create|write) an?)\b/u;

/** A clause with a verb, or a rule: "our API is …", "deploys go through …", "no force pushes". */
const STATES_SOMETHING =
  /\b(?:is|are|isn't|aren't|must|should|shouldn't|needs?|has|have|uses?|use|lives?|goes|go|runs?|requires?|always|never|prefers?|likes?|wants?|works?|belongs?|don't|doesn't|do not|does not|can't|cannot|can only|only|means|deploys?|expects?|points?|takes?|comes?|stays?|gets?|hate|avoid|keep|put|call|write|begins?|starts?|ends?|fails?|breaks?|happens?|expires?|i'm|we're|it's|there's|no)\b/u;

const saysFromNowOn: WishRule = ({ plain }) => {
  if (!LASTING.test(plain)) return undefined;
  const clause = withoutLastingWords(opened(plain));
  // "Every time you run it, it fails" tells a story.
  if (/\b(?:it|they|that|this) (?:\w+s|\w+ed)\b/u.test(clause) && /\b(?:time|whenever)\b/u.test(plain))
    return undefined;
  if ((OTHER_SUBJECT.test(clause) && !WORK_SUBJECT.test(clause)) || FORECAST.test(clause)) return undefined;
  if (![IMPERATIVE, WORK_SUBJECT].some((form) => form.test(clause))) return undefined;
  return { confidence: /\b(?:now on|here on|today on|forward|henceforth)\b/u.test(plain) ? 0.95 : 0.85 };
};

function withoutLastingWords(rest: string): string {
  const clause = rest
    .replace(LASTING, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/^[\s,:;.–—-]+|[\s,:;–—-]+$/gu, '')
    .replaceAll(' ,', ',');
  return opened(
    opened(clause)
      .replace(/^[\w ]{2,30}: /u, '')
      .replace(CONDITION, ''),
  );
}

const OTHER_SUBJECT = /^(?:i|it|they|he|she|this|that|there|the|a|an|users?|my|his)\b/u;
const WORK_SUBJECT =
  /^(?:all|every|each|no|new) (?!(?:new )?(?:users?|customers?|accounts?|requests?|pages?|responses?|orders?|clients?|visitors?|subscribers?|plans?|trials?|buttons?)\b)(?:[\w-]+ ){1,4}(?:must|should|has to|have to|needs?|gets?)\b|^(?:you|we) (?:should|must|need to|have to|use|don't|never|always|only|can)\b|^i (?:want|need|expect|prefer|would like|'d like|only want)\b|^(?:the (?:commit messages|commits|tests|prs|branches)|(?:all |every |each |any |no )?(?:commit messages?|commits?|tests?|prs?|pull requests?|branch(?:es| names)?|migrations?|new code|code|comments?|docs|releases?|answers?|responses?))\b/u;
/** What will be, or may be: a plan. */
const FORECAST =
  /\b(?:will|would|can) (?:be|have|need|become)\b|\bwe (?:might|may|will|plan|want|would|can|need|could)\b|\bi(?:'ll| will)\b/u;

const IMPERATIVE =
  /^(?:please |just |also |only |always |never |kindly |simply |can you |could you |would you |will you |make sure (?:to |you |that you )?|be sure to |try to |you should |first )*(?:(?:do not|don't|no more|stop|avoid|use|run|write|edit|touch|change|modify|skip|reuse|rewrite|install|prefer|keep|put|add|ask|answer|reply|respond|speak|talk|explain|call|name|format|commit|push|create|open|check|read|show|tell|give|include|skip|leave|start|begin|end|follow|stick|default|test|build|install|deploy|tag|sign|squash|rebase|merge|update|document|log|pin|bump|regenerate|lint|fix|review|confirm|wait|summari[sz]e|limit|return|send|store|save|place|import|export|mock|treat|assume|consider|be|do|let|get|go|take|make|set|quote|translate|address|refer|mention|note|remove|delete|rename|split|group|sort|wrap|indent|spell|prefix|suffix|annotate|type|validate|verify|ensure|double-check|look|consult|search|propose|suggest|offer|print|generate|spell|pass|point|link|cite|attach|branch|work|plan|think|state|list|enable|disable|base|rely|target|favou?r|choose|pick|match|mirror|copy|move|convert|declare|define|separate|order|cover|structure|guess|invent|hallucinate|paste|hard-?code|max(?:imum)?|at most|no (?!need|one\b|idea)) ?)\b/u;

/** "Our staging host is x, remember that." */
const endsInRemember: WishRule = ({ plain }) => {
  const fact =
    /^(.{8,}?)[,;.]? ?(?:–|—|-)? ?(?:and |so )?(?:please )?(?:remember|note|don't forget|keep|bear)(?: (?:that|this|it))?(?: in mind)?(?: please| for (?:later|next time|the future))?(?:,? so .*)?[.!]*$/u.exec(
      opened(plain),
    )?.[1];
  return fact !== undefined && STATES_SOMETHING.test(fact) && isAboutWork(fact)
    ? { confidence: 0.9, waives: ['isAboutProgram'] }
    : undefined;
};

/** "The CI token expires weekly. Remember that.": the sentence before it is the fact. */
const asksToRememberThat: WishRule = ({ plain, before }) => {
  const bare =
    /^(?:remember|don't forget|keep|bear|memori[sz]e) (?:that|this|it)(?: in mind)?(?: (?:please|for (?:the )?(?:future|next time|later)(?: \w+)?))?(?:, you .*)?[.!]*$/u;
  const fact = before.toLowerCase();
  const states = STATES_SOMETHING.test(fact) && isAboutWork(fact) && !/[?？]$/u.test(fact);
  return bare.test(opened(plain)) && states
    ? { confidence: 0.9, waives: ['pointsElsewhere', 'isTooShort', 'isAboutProgram'] }
    : undefined;
};

/** "One rule: …". */
const announcesRule: WishRule = ({ plain }) => {
  const rule =
    /^(?:[^:]{1,40}, )?(?:one|a|another|first|second|hard|house|general|ground|golden|team)(?: (?:more|simple|general|hard|important|other))? (?:rule|convention|house rule|ground rule|policy)(?: here| for you| of mine| of ours)?[:,] (.{8,})$/u.exec(
      opened(plain),
    )?.[1];
  return rule !== undefined && STATES_SOMETHING.test(rule) ? { confidence: 0.85 } : undefined;
};

/** A point of a list whose header says that rules follow. */
const standsUnderRules: WishRule = ({ header, listed, plain }) => {
  if (!listed || header === '') return undefined;
  const announces =
    /\b(?:remember|from now on|going forward|ground rules|house rules|(?:some|my|our|few|these|the following) (?:\w+ )?(?:rules|conventions|preferences)|rules for (?:you|this repo|this project|working|our|the repo)|how (?:i|we) (?:work|like)|please follow|keep in mind|for (?:all )?future)\b|记住|以后|我的(?:偏好|习惯|要求)|(?:本|这个)?(?:仓库|项目)(?:的)?(?:约定|规范|规则)|请遵守|覚えて|今後/u;
  return announces.test(header) && plain.length >= 8
    ? { confidence: 0.9, waives: ['isTooShort', 'isAboutProgram'] }
    : undefined;
};

/** Rules about "always", "never", "remember" and "from now on". */
export const wishRules = {
  asksAlwaysOrNever,
  weAlwaysOrNever,
  iAlwaysWant,
  asksToRemember,
  asksToRememberTo,
  saysFromNowOn,
  endsInRemember,
  asksToRememberThat,
  announcesRule,
  standsUnderRules,
} satisfies Record<string, WishRule>;
