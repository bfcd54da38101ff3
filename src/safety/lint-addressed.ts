import { clauseBefore, firstHit, row, type Excuse, type Row } from './lint-patterns.ts';

/** Programs that read: named as such, not as "you". */
const READER = String.raw`(?:@?codex|claude|chatgpt|gpt-?\d?|copilot|(?:helpful |dear |attention,? )?(?:ais?|llms?|bots?|robots)|(?:ai|llm|coding|language|autonomous|automated|helpful)[- ](?:agents?|assistants?|models?|systems?|coders?|tools?|bots?|reviewers?|programmers?)|(?:the |any |every |all |an? |good |dear )?(?:agents?|assistants?))`;
const ADDRESS = String.raw`(?:(?:[,:;]|\s+[-\u2013\u2014])(?=\s)|\s+(?:must|should|shall|may|can|needs? to|ha(?:s|ve) to|is to|are to|will|please|would|reading|working|who|that|now|from here on|is (?:authori[sz]ed|allowed|told|asked|free|expected|required|obliged)|are (?:authori[sz]ed|allowed|told|asked|free|expected|required|obliged)|skips?|bypass(?:es)?|approves?|accepts?|trusts?|ignores?|deletes?|sends?|answers? to|reports? to|works? for|belongs? to|say(?:s)? yes)\b|(?<=agent|assistant|codex|bot)\s+(?:send|delete|run|ignore|obey|skip|upload|publish|push|approve)\b)`;
const HARM = String.raw`(?:\b(?:skip(?:s|ping)?|bypass(?:es|ing)?|unreviewed|unread|unseen|without (?:showing|telling|review\w*|reading|looking|confirm\w*|approval|a word|hesitat\w*|question\w*)|approv(?:e|es|ing) (?:everything|all|any|whatever|this|every)|accept (?:any|every|all)|delet(?:e|es|ing) (?:all|the|every|any|tests?)\b|wip(?:e|ing)|publish(?:es)? (?:right|immediately|now|without)|push(?:es)? (?:straight|directly|--force|to main)|hand(?:ing|s)? (?:over|out|their|its|your|the)|past(?:e|ing)\b|send(?:s|ing)?\b|upload\w*|forward(?:s|ing)?\b|e-?mail(?:s|ing)?\b|leak\w*|cookies?|tokens?|passwords?|credentials?|secrets?|(?:private|api|ssh) keys?|(?:full|own|hidden|initial|complete) (?:system )?(?:instructions?|prompts?)|elevated|privileges?|confirmations?|recommend\b|visit\b|advertis\w*|trust (?:everything|all|any|every|this|the)|sandbox|exempt|obey\w*|never (?:re-?add|say|tell|mention|refuse|ask)|answers? to \w+@|accounts?\b|purchase|transfer|disabl(?:e|ing)|hide\b|conceal\w*|lie\b|pretend|harmful|no longer|comply|override\w*|loosen\w*|malware|yes to (?:all|everything)|say(?:ing)? nothing|tell (?:nobody|no one)|keep (?:quiet|silent)|do (?:everything|anything|whatever|all)|(?:owner|user|admin|maintainer|operator)s? (?:has |have )?(?:already )?(?:confirmed|approved|agreed|allowed)|send env|mention nothing|(?:safety|security) (?:steps?|checks?|rules?|measures?))\b|https?:\/\/(?!(?:[\w-]+\.)*(?:github|gitlab|readthedocs|notion|atlassian)\.)\S+)`;

const aboutProducts: Excuse = (hit, before, after) => {
  const clause = `${clauseBefore(before)} ${hit} ${after.replace(/[.!?\n](?:\s.*)?$/s, '').slice(0, 80)}`;
  return /\b(?:never|not|n't|must not|should not|may not|cannot|avoid|refus\w*|forbid\w*|prohibit\w*|only after|unless|before (?:it|they)|ask(?:s|ing)? (?:the user|first|for|before)|requires? (?:approval|confirmation)|review\w* (?:the|is|are)|datadog|newrelic|grafana|monitoring agent|user[- ]agent|build agents?|ssh-agent|ssh agent|log agent|ci agents?|support agents?|sales agents?|estate|jenkins|azure pipelines|token (?:count|budget|limit|usage)|max_tokens|context window|tokens (?:per|left|used)|tests? (?:that|whether|for)|injection|attack\w*|our (?:product|app|chatbot)|endpoint|api route|in-app|(?:edit|format|lint|fix|read|update|change|write|search|run)s? (?:the )?(?:docs?|documentation|tests?|typos?|comments?|files?|code|linter|formatter|style|changelog)\b[^.]{0,30}without asking|customers?|dataset|benchmark|openai sdk|openai api)\b/i.test(
    clause,
  );
};
const notProducts: Excuse = (hit, before, after) =>
  aboutProducts(
    hit.replaceAll(/never (?:re-?add|say|tell|mention|refuse|ask)/gi, ''),
    before,
    after.slice(0, 40).replaceAll(/never (?:re-?add|say|tell|mention|refuse|ask)/gi, ''),
  );

const SPEAKER = String.raw`(?:the |an? |your )?(?:operator|developer|user|owner|system|administrator|admin|maintainers?|openai|anthropic|codex team|security team|management)`;
const ADDRESSED: Row[] = [
  row(
    'codex|claude|gpt|copilot|ai|llm|bot|agent|assistant|coders',
    () => new RegExp(String.raw`(?<![\w/-])${READER}\b${ADDRESS}[^!?\n]{0,140}?${HARM}`, 'gi'),
    notProducts,
  ),
  row(
    'hint for|note to|note for|message for|message to|notice to|notice for|instruction|attention|dear|@codex|@agent|@assistant',
    () =>
      new RegExp(
        String.raw`(?:\b(?:hint|notes?|messages?|notice|instructions?|advice|orders?|task|reminder|request)s? (?:for|to)|\battention|\bdear|@)[,:]?\s?(?:all |any |the |every )?(?:codex|claude|gpt|copilot|ais?\b|llms?|bots?|(?:ai |coding |language )?(?:agents?|assistants?|models?))\b[^\n]{0,160}?\b(?:run|skip|apply|accept|approve|send|delete|stop|abandon|obey|follow|print|reveal|ignore|trust|disable|publish|push|install|fetch|open|visit|paste|upload|hide|use|answer|write|add|must|cancel|drop|change|replace|forget)`,
        'gi',
      ),
    (hit, before, after) =>
      /\b(?:run (?:the )?(?:tests?|linter|build)|read )/i.test(hit) || notProducts(hit, before, after),
  ),
  row(
    'model & allowed|authori|free to|permitted|entitled|required|obliged',
    /\b(?:the|an?|every|any) (?:ai |language )?model (?:is|was) (?:now |hereby |therefore )?(?:allowed|authori[sz]ed|free|permitted|entitled|required|obliged|asked|told) to\b[^.!?\n]{0,80}?\b(?:everything|anything|whatever|all|obey|reveal|send|share|skip|ignore|disclose|execute|follow)\b/gi,
    notProducts,
  ),
  row(
    'user & changed|wants you|want you|asked you|ordered you|told you|instructed you|like you|expects you',
    /\busers? (?:has |have )?(?:(?:just |now |already )*changed (?:their|his|her|its) mind|(?:now )?wants? you to|(?:just |now )?(?:asked|ordered|told|instructed) you to|would like you to|expects? you to)\b[^.!?\n]{0,60}?\b(?:git push|force|terraform destroy|drop table|npm publish|rm -rf|delet\w*|publish\w*|send\w*|upload\w*|immediately|at once|right away|without|wipe|destroy|disable|print|reveal|share|approve)/gi,
    notProducts,
  ),
  row(
    'repeat|print|reveal|output|paste|show|translate|summari|dump|leak|display|recite|quote|tell|give & above|instruction|prompt|hidden|guideline|configuration|rules',
    /\b(?:repeat|print|reveal|output|paste|show|translate|summari[sz]e|dump|leak|display|recite|quote|give|tell (?:me|us)|write out|spell out)s?\b[^.!?\n]{0,30}?\b(?:everything (?:above|before|so far)|(?:the |all )?(?:text|lines|words|content|messages?) (?:above|before this)|(?:your|its|the (?:agent|assistant|model)'s|their) (?:full |own |complete |entire |hidden |initial |original |secret |exact |system |internal )*(?:instructions?|prompts?|guidelines|configuration|rules)|(?:the )?(?:hidden|full|complete|entire|initial|whole|internal|developer) (?:system )?(?:prompts?|instructions|text|message)|the system (?:prompt|message)(?: (?:verbatim|word for word|in full))?)\b/gi,
    (hit, before, after) =>
      /\b(?:never|not|n't|in the (?:settings|admin|test|docs|debug)|our (?:chatbot|product|app)|--help|prints? the (?:rules|configuration)|eslint|config(?:uration)? (?:file|of)|compiler|lint\w*|detect\w*|attack\w*|test\w*|module|cli)\b/i.test(
        `${clauseBefore(before)} ${hit} ${after.slice(0, 60)}`,
      ),
  ),
  row(
    'follows|following|below|the rest|next & operator|developer|user|owner|system|admin|maintainer|openai|anthropic|team|management',
    () =>
      new RegExp(
        String.raw`\b(?:what follows|the following(?: \w+)?|everything (?:below|after this|that follows)|the (?:text|lines?|notes?|words|part) (?:below|that follows?)|the (?:rest|next (?:lines?|part|paragraph)))\s+(?:was|is|are|were|comes?|came|stems?|originates?|has been|have been|counts? as)(?: \w+)? (?:written |sent |issued |said |typed |signed |given |confirmed |approved )?(?:by|from|of) ${SPEAKER}\b`,
        'gi',
      ),
  ),
  row(
    'untrusted|quoted|transcript|data|conversation|document|material|tool & stop|end|over|finish|close',
    /\b(?:the )?(?:untrusted|quoted|external|recorded|fenced|user) (?:part|text|data|section|content|material|block|input)s? (?:stops?|ends?|is over|finishes|closes) (?:here|now|above)\b|\b(?:transcript|conversation|recording|material|document|data) (?:stops?|ends?|is over|is finished|ended) (?:here|now|above)\b/gi,
  ),
  row(
    'reviewer|compiler|summari|extractor|curator|memory writer|memory keeper & add|output|mark|store|write|drop|keep|emit|wave|save|copy|create|remove|record|task',
    /(?:\bas (?:the|a) (?:memory |transcript |session )?|\byou(?:,| are)? (?:now )?the (?:memory |transcript |session )?|(?:^|[.!\n"] ?)(?:dear )?)(?:reviewers?|compilers?|summari[sz]ers?|extractors?|curators?|memory (?:writer|keeper|compiler|agent))\b[^!?\n]{0,40}?\b(?:add|output|mark|store|write|drop|keep|emit|wave|save|copy|create|remove|record|your (?:next |new |real )?task|must|please)\b|\b(?:the )?reviewers? (?:should|must|shall|has to|may|will) (?:wave|let|pass|accept|store|add|keep|mark|output|copy)\b[^.!?\n]{0,60}?\b(?:through|unchanged|verbatim|trusted|whatever|any|all|without)\b/gi,
    (hit, before, after) =>
      /\b(?:pull request|pr\b|typescript|rust|gcc|clang|c\+\+|babel|kotlin|swift|jit|code owners?)\b/i.test(
        `${clauseBefore(before)} ${hit} ${after.slice(0, 60)}`,
      ),
  ),
  row(
    'recommend|promote|advertise|direct|send them|point them|link to|praise|endorse|refer|mention & http',
    /\b(?:recommend|promote|advertis\w*|direct|send|point|praise|endorse|refer|steer|link|mention)\b[^.!?\n]{0,30}?\b(?:to |at )?https?:\/\/\S+[^!?\n]{0,60}?\b(?:in (?:each|every|all|any) (?:answer|reply|response|summary)|whenever|always|when(?:ever)? (?:the user|someone|they))|\b(?:if|when|whenever|should|in case)\b[^.!?\n]{0,40}?\b(?:user|someone|anyone|customer|they)s?\b[^.!?\n]{0,40}?\b(?:direct|send|steer|redirect)\b (?:them|him|her|the user|users) to https?:\/\/\S+|\bhttps?:\/\/\S+[^.!?\n]{0,24}?\b(?:and )?recommend(?:ed)? it in (?:each|every|all)/gi,
    (hit, before, after) =>
      /\b(?:docs|documentation|support\.|help\.|status\.|github|readme)\b/i.test(
        `${hit} ${after.slice(0, 20)} ${clauseBefore(before).slice(-20)}`,
      ),
  ),
  row(
    'payout|payment|wallet|bitcoin|donation|iban|deposit|address|send & bc1|0x|iban|wallet|account|payout',
    /\b(?:change|replace|set|swap|redirect|update|point|send|transfer|pay|insert|use)\b[^\n]{0,60}?\b(?:payout|payment|wallet|deposit|donation|refund|bitcoin|crypto|usdt|eth)\b[^\n]{0,40}?\b(?:bc1[a-z0-9]{20,}|0x[a-f0-9]{40}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|T[A-Za-z0-9]{33}|[A-Z]{2}\d{2}[A-Z0-9]{12,30})\b/gi,
  ),
  row(
    'watching|looking|weekend|away|asleep|unattended & push|delete|run|send|publish|merge|deploy|copy|disable',
    /\b(?:(?:when|while|once|if) (?:nobody|no one|no-one|the user) (?:is|are) (?:n't |not )?(?:watching|looking|around|there|present|away|asleep|afk|gone)|(?:user is|users are) (?:away|asleep|gone))\b[^!?\n]{0,80}?\b(?:push|delete|run|send|publish|merge|deploy|copy|disable|install|upload|change)/gi,
  ),
];

/** Speaks to a reading program, to the reviewer of transcripts, or in the name of somebody above it. */
export const speaksToTheReader = (text: string): string | undefined => firstHit(text, ADDRESSED);
