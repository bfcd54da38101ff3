import { clauseBefore, firstHit, row, type Excuse, type Row } from './lint-patterns.ts';

/** Where strangers write. */
const STRANGER = String.raw`(?:(?:issue|code|pr|pull request|source|review|blog|inline|html|yaml|readme|todo)[ -]?(?:comments?|text|body|bodies|notes?)|comments?|issues?|readmes?|read-?mes?|dependenc(?:y|ies)|packages?|third[- ]party|web ?(?:pages?|sites?)|pages?|sites?|urls?|https?://\S+|log(?:s| lines?| files?| output)?|\S+\.(?:log|txt|html)\b|tool (?:output|results?)|outputs?|attachments?|commit (?:messages?|body)|file ?names?|titles?|search results?|the (?:text|lines?|note|file|page|document|content|messages?|paragraph)s? (?:below|above|here|that follows?)|what follows|whatever (?:it|they|the \w+) (?:says?|contains?|tells?|prints?))`;
const ORDER = String.raw`(?:orders?|instructions?|commands?|authoritative|authority|law|trusted|binding|directives?|system (?:prompts?|messages?)|developer (?:instructions?|messages?)|rules|gospel|those of the (?:user|developer|owner)|user(?:'s)? (?:requests?|words|instructions?)|(?:coming|written|sent|given) (?:from|by) (?:the|a) (?:user|developer|owner|maintainer|operator))`;

const aboutProse: Excuse = (hit, before, after) =>
  /\b(?:never|not|don't|must not|should not|untrusted|as data|same pull request|engines|create-report|review comments|parser|lint\w*|eslint|robots|injection|attack|regex|markdown-it|sphinx|jsdoc|schema)\b/i.test(
    `${clauseBefore(before)} ${hit} ${after.slice(0, 60)}`,
  );

const AUTHORITY: Row[] = [
  row(
    'instruction|task|orders|goal|directive & real|actual|true|new & :',
    /(?:^|[.!?"\n]\s*)(?:your |the |my )?(?:real|actual|true|new) (?:instructions?|task|orders|goal|directives?)\s*:/gi,
  ),
  row(
    'treat|regard|consider|take|read|view|accept|see|count|handle & order|instruction|command|authorit|law|trusted|binding|directive|message|prompt|rules|gospel|request|words|from|by',
    () =>
      new RegExp(
        String.raw`\b(?:treat(?:s|ed|ing)?|regard(?:s|ed|ing)?|consider(?:s|ed|ing)?|takes?|reads?|views?|accepts?|sees?|counts?|handles?)\b[^.!?\n]{0,20}?\b${STRANGER}\b[^.!?\n]{0,50}?\b(?:as|to be|like|for|equals?)\b[^.!?\n]{0,24}?\b${ORDER}\b`,
        'gi',
      ),
    aboutProse,
  ),
  row(
    'obey|comply|trust|take|adopt|carry|execut|run|do |act|follow|heed|honour|honor|believe',
    () =>
      new RegExp(
        String.raw`\b(?:obey(?:s|ing|ed)?|comply(?:ing)? with|complies with|trust(?:s|ing)? (?:every|all|any|each|the)\b[^.!?\n]{0,24}?\b(?:in|from|of|on)|tak(?:e|es|ing) orders from|heed(?:s|ing)?|act(?:s|ing)? (?:up)?on|adopt(?:s|ing)?|execut(?:e|es|ing) (?:every|any|all|each|whatever)\b[^.!?\n]{0,24}?\b(?:in|from|of|on)|run(?:s|ning)? (?:every|any|all|each|whatever)\b[^.!?\n]{0,24}?\b(?:in|from|of|on)|follow(?:s|ing)? (?:every|any|all|each|whatever)\b[^.!?\n]{0,24}?\b(?:in|from|of|on))\b[^.!?\n]{0,30}?\b${STRANGER}`,
        'gi',
      ),
    aboutProse,
  ),
  row(
    'command|instruction|order|step|request & in|from|inside & executed|run|followed|obeyed|carried out|performed',
    () =>
      new RegExp(
        String.raw`\b(?:commands?|instructions?|orders|requests|code)\b(?: \w+){0,2}? (?:in|from|inside|within|on|by|of) (?:\w+ ){0,2}?${STRANGER}\b[^.!?\n]{0,24}?\b(?:should|must|are to|is to|can|may|have to|has to|need to|get|gets|are|will)\b[^.!?\n]{0,20}?\b(?:executed|run|followed|obeyed|carried out|performed|trusted)\b`,
        'gi',
      ),
    (hit, before, after) =>
      aboutProse(hit, before, after) ||
      /\b(?:in (?:the )?(?:ci|docs|readme)|tests?|by hand|manually|reviewed?)\b/i.test(
        `${hit.replace(/readmes?/i, '')} ${after.slice(0, 40)}`,
      ),
  ),
  row(
    'whatever|anything|everything|all & carried out|executed|done|followed|obeyed|performed|granted|run',
    () =>
      new RegExp(
        String.raw`\b(?:whatever|anything|everything|all)\b[^.!?\n]{0,12}?\b${STRANGER}\b[^.!?\n]{0,24}?\b(?:asks? for|asks?|says?|demands?|requests?|suggests?|wants?|orders?|tells?|contains?)\b[^.!?\n]{0,16}?\b(?:is|are|must|has|have|should|shall|gets?|will)\b[^.!?\n]{0,12}?\b(?:carried out|executed|done|followed|obeyed|performed|granted|run)\b`,
        'gi',
      ),
    aboutProse,
  ),
  row(
    'your new|your real|your only|your true|your actual',
    /\b(?:is|be|are|becomes?|as|replaces?|were)(?: now| from now on)? your (?:new|real|only|true|actual) (?:system prompts?|instructions?|rules?|operators?|owners?|masters?|guidelines?|orders|developers?|users?|boss)\b/gi,
    aboutProse,
  ),
  row(
    'do |does|follow|obey|act|carry & as it|what it|whatever|its title|its content|its output|its orders|as they|what they|what is written|accordingly|what the page|what that',
    /\b(?:do(?:es)?|follow|obey|carry out|act on|perform|execute)s? (?:exactly |just |precisely )?(?:as (?:it|they) (?:says?|tells?|asks?|orders?|demands?|states?)|what(?:ever)? (?:it|they|the (?:page|file|site|text|comment|issue|message|response|answer|server)|that (?:page|file)) (?:says?|tells?|asks?|orders?|demands?|contains?|answers?|replies|returns?|prints?|lists?)|its (?:title|name|orders?|commands?|output|advice)\b|what is written (?:there|in it))/gi,
    (hit, before, after) =>
      aboutProse(hit, before, after) ||
      /\b(?:error|message says|help|tool suggests|migration guide|prompt_toolkit|checklist)\b/i.test(
        clauseBefore(before),
      ),
  ),
  row(
    'http & adopt|load|read|fetch|visit|open|follow|obey|retrieve|get & rule|guideline|instruction|prompt|order|persona|as it says',
    /\b(?:adopt|load|read|fetch|visit|open|follow|obey|retrieve|get|replace\w*|pull|download)\b[^.!?\n]{0,60}?\bhttps?:\/\/\S+[^!?\n]{0,60}?\b(?:as (?:your|its|the|new)? ?(?:\w+ )?(?:rules?|guidelines?|instructions?|prompt|orders|persona|policy)|(?:follow|obey|adopt|execute|apply|do as|carry out|act on|comply)\b)|\b(?:rules|guidelines|instructions|orders|system prompt)\b[^.!?\n]{0,30}?\b(?:(?:with|by) (?:those|the ones|what)|(?:come|are taken|are loaded|are fetched|updated?) (?:from|at)|from|at|on)\b[^.!?\n]{0,16}?https?:\/\/(?!(?:[\w-]+\.)*(?:github|gitlab|readthedocs|notion|atlassian|confluence)\.)\S+/gi,
    (hit, before, after) =>
      aboutProse(hit, before, after) ||
      /\b(?:install\w*|build|setup|contribut\w*|style ?guide|docs|documentation|migration|upgrade|firewall|eslint|release)\b/i.test(
        `${clauseBefore(before)} ${hit}`,
      ),
  ),
  row(
    'replace|swap|substitute|exchange|overwrite|rewrite|change & agents.md|claude.md|system prompt|instruction|guideline|rules|.cursorrules|config.toml|memory.md|user.md',
    /\b(?:replaces?|swaps?|substitutes?|exchanges?|overwrites?|rewrites?)\b[^.!?\n]{0,30}?\b(?:agents\.md|claude\.md|\.cursorrules|the system prompt|(?:its|your|the agent's|their) (?:own )?(?:instructions?|guidelines?|rules|memor(?:y|ies)|prompt)|user\.md|memory\.md)\b[^.!?\n]{0,30}?\b(?:by|with|for|to)\b/gi,
    (hit, before, after) =>
      aboutProse(hit, before, after) ||
      /\b(?:symlink|template|generated|merged|section|our product|chatbot|old)\b/i.test(
        `${clauseBefore(before)} ${hit} ${after.slice(0, 60)}`,
      ),
  ),
  row(
    'task|job|goal|mission|plan|request|work|instruction|purpose|assignment & chang|actual|real|true|instead|begin|start|new|abandon|drop|stop',
    /\b(?:(?:the|your) (?:task|job|goal|mission|assignment|plan|objective) (?:has|have|is|was) (?:now )?(?:changed|been (?:changed|replaced|cancel\w+|updated)|different|over)|(?:your|the) (?:actual|real|true|new|proper) (?:task|job|goal|mission|assignment|work|purpose|objective|instructions?)\b[^.!?\n]{0,12}?\b(?:is|are|starts?|begins?|follows?|now)|(?:abandon|drop|stop|leave|quit|interrupt|cancel|end)\w* (?:the |your |what(?:ever)? )?(?:current |user'?s? |present |ongoing |running |original )*(?:request|task|plan|work|job|assignment|you are doing)\b[^.!?\n]{0,60}?\b(?:and|instead|then|,)|everything (?:before|above|up to) (?:this|here|that|now)(?: \w+)? (?:was|is|were) (?:only |just |merely )?(?:training|a test|test data|an example|fake|practice|void|irrelevant|noise|a simulation|background))/gi,
    (hit, before, after) =>
      /\b(?:ctrl|sigint|abort|celery|queue|scheduler|worker|ticket|jira|cron|gradle|make|button|kill)\b/i.test(
        `${clauseBefore(before)} ${hit} ${after.slice(0, 40)}`,
      ),
  ),
];

/** Gives strangers' words the rank of orders, or exchanges the task for another. */
export const givesStrangersAuthority = (text: string): string | undefined => firstHit(text, AUTHORITY);
