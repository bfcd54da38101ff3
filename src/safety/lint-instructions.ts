import { clauseBefore, firstHit, row, type Row } from './lint-patterns.ts';

const DISMISS = String.raw`(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|discard(?:ing)?|drop|neglect(?:ing)?|set(?:ting)? aside|put(?:ting)? aside|throw(?:ing)? (?:away|out)|pay no (?:attention|heed) to|take no notice of|(?:do not|don't|never|no longer|stop|cease|quit) (?:follow|obey|heed|listen(?:ing)? to|comply|complying|following|obeying|heeding|adhering|adhere|honou?r)(?: (?:to|with))?|abandon|supersede|nullify|void|cancel|erase|wipe|clear|unlearn|dismiss|leave behind|abrogate|revoke|replace|rescind|act against|skip over|scrap|overrule|reject)`;
const DISMISS_NEEDS =
  'ignor|disregard|forget|overrid|bypass|discard|drop|neglect|aside|throw|attention|heed|notice|follow|obey|listen|compl|adher|honor|honour|abandon|supersede|nullify|void|cancel|erase|wipe|clear|unlearn|dismiss|leave behind|abrogate|revoke|replace|rescind|against|skip|scrap|overrule|reject';
const ORDERS_NEEDS =
  'instruction|directive|direction|prompt|guideline|guidance|orders|commandment|programming|training|message';
const LIMITS_NEEDS =
  'rule|polic|constraint|restriction|command|context|request|limitation|safeguard|guardrail|task|goal|conversation|text|content|requirement';

const EARLIER_WORDS =
  'previous previously prior earlier above preceding foregoing past former initial original existing current other before';
const FILLER_WORDS =
  "all any each every of the these those that this your my our its and or other entire whole complete completely set everything given user's user system developer safety security core hidden built-in default initial actual stated listed from you i we been have has so far ones old";
const ORDERS = String.raw`(?:instructions?|directives?|directions|prompts?|guidelines?|guidance|orders|commandments|programming|training|messages?)`;
const LIMITS = String.raw`(?:rules?|polic(?:y|ies)|constraints?|restrictions?|commands?|context|requests?|limitations?|safeguards?|guardrails?|tasks?|goals?|conversation|text|content|requirements?)`;
const EARLIER = String.raw`(?:${EARLIER_WORDS.replaceAll(' ', '|')})`;
const BETWEEN = String.raw`((?:\s+[\w'-]+){0,5}?)`;
const GIVEN = String.raw`(?:(?:that )?you(?:'ve| have| had)? (?:were|been|are|was)? ?(?:told|given|taught|instructed|asked|trained|learned|know|knew|remember|received|read|believe|think)|(?:has|have|had)? ?(?:been |was |were |is |came |come |comes )?(?:told|said|written|stated|given|mentioned|came|come|comes|precedes|preceded)?\s?(?:before|earlier|so far|above|previously|until now|up to now|this (?:line|point|note|message|text)))`;

const fillers = new Set(FILLER_WORDS.split(' ').concat(EARLIER_WORDS.split(' ')));
const areFillers = (words: string | undefined): boolean =>
  (words ?? '')
    .trim()
    .split(/\s+/)
    .every((word) => word === '' || fillers.has(word.toLowerCase()));

/** Settings and rules of tools are overridden all day long. */
const TECHNICAL =
  /\b(?:css|scss|eslint|lint(?:er|ing)?|tsconfig|config(?:uration)?s?|settings?|flags?|defaults?|theme|stylesheets?|styles?|makefile|dockerfile|gitignore|env(?:ironment)? vars?|environment variables?|selectors?|routes?|firewall|iptables|schema|migrations?|cors|webpack|vite|nginx|cache|html|email templates?|commit|editorconfig|prettier|terraform|helm|yaml|json|database|merge conflicts?)\b/i;

/** The words between verb and object must be fillers: "ignore the previous build instructions" is about a build. */
function dismissal(object: string): () => RegExp {
  return () =>
    new RegExp(
      `\\b${DISMISS}${BETWEEN}\\s+(?:${EARLIER}|your|the system|system|developer|developer's|all|any|every|safety|security|openai's|anthropic's)${BETWEEN}\\s+${object}\\b`,
      'gi',
    );
}

const VAGUE = /\b(?:all|any|every|the)\b/i;
const PRECISE = new RegExp(
  `\\b(?:${EARLIER}|your|system|developer|safety|security|openai|anthropic|hidden|core|original|user's)\\b`,
  'i',
);

function isNotAboutOrders(hit: string): boolean {
  const parts = new RegExp(
    `^${DISMISS}${BETWEEN}\\s+(?:${EARLIER}|your|the system|system|developer|developer's|all|any|every|safety|security|openai's|anthropic's)${BETWEEN}\\s+[\\w-]+$`,
    'i',
  ).exec(hit);
  return parts === null || !areFillers(parts[1]) || !areFillers(parts[2]);
}

const notAboutOrders = (hit: string): boolean => isNotAboutOrders(hit) || (!PRECISE.test(hit) && !VAGUE.test(hit));
const notAboutLimits = (hit: string, before: string, after: string): boolean =>
  isNotAboutOrders(hit) ||
  !PRECISE.test(hit) ||
  TECHNICAL.test(`${clauseBefore(before)} ${hit} ${after.replace(/[.!?\n].*$/s, '')}`);

const ENGLISH: Row[] = [
  row(`${DISMISS_NEEDS} & ${ORDERS_NEEDS}`, dismissal(ORDERS), notAboutOrders),
  row(
    `${DISMISS_NEEDS} & ${LIMITS_NEEDS} & prev|prior|earlier|above|preced|forego|past|former|initial|original|existing|current|your|system|developer|safety|security|openai|anthropic`,
    dismissal(LIMITS),
    notAboutLimits,
  ),
  row(
    `${DISMISS_NEEDS} & above|before|earlier|preced|you|previous|so far|until now|up to now`,
    () =>
      new RegExp(
        `\\b${DISMISS}\\s+(?:(?:all|any|the|each|every|and)\\s+(?:of\\s+)?(?:the\\s+)?(?:\\w+\\s+)?)?(?:${ORDERS}|rules|everything|anything|all|whatever|what|all that|the text|the rest)\\s+(?:else\\s+)?(?:that\\s+)?(?:(?:from|given|stated|written|listed)\\s+)?${GIVEN}`,
        'gi',
      ),
    (hit, before, after) =>
      TECHNICAL.test(`${hit} ${after.replace(/[.!?\n].*$/s, '')}`) ||
      /\b(?:don't|do not|never) forget/i.test(`${before.slice(-12)}${hit}`),
  ),
  row(
    'instruction|directive|order|prompt|guid|rule|polic|guardrail|restriction|told|said|context|message|training|conversation & no longer|not apply|void|obsolete|cancel|revoked|superseded|overridden|outdated|replaced|null|suspended|lifted|invalid|withdrawn|rescinded|not count|not hold|ends here|expired|false|a test',
    () =>
      new RegExp(
        `\\b(?:(?:${EARLIER}|your|the system|system|developer|safety)(?:\\s+(?:system|safety|developer|user|your|given))?\\s+(?:${ORDERS}|rules|polic(?:y|ies)|guardrails|restrictions|context|conversation)|(?:the\\s+)?(?:instructions?|rules|directives|orders)\\s+(?:above|before this|so far|you (?:were|have been) given)|(?:what|everything|anything|all) (?:that )?you (?:were|have been|had been) (?:told|given|taught))\\s+(?:(?:before|earlier|above|so far|until now|previously)\\s+)?(?:(?:no longer|do not|don't|does not) (?:apply|count|hold|matter|bind)|(?:are|is|was|were|have been|has been)(?: now| hereby| all)? (?:void|obsolete|cancell?ed|revoked|superseded|overridden|outdated|replaced|null|suspended|lifted|invalid|withdrawn|rescinded|expired|false|only a test|a test))`,
        'gi',
      ),
    (hit, _before, after) => TECHNICAL.test(`${hit} ${after.slice(0, 60)}`),
  ),
  row(
    'instruction|directive|orders|prompt & new|real|actual|true|updated',
    /\b(?:the|these|those|your|following|here are(?: the| your)?)\s+(?:new |real |actual |true |updated |following )+(?:instructions?|directives?|orders|prompt)\s*(?:below |here )?(?:are\b|is\b|override|supersede|replace|take (?:precedence|priority)|:)/gi,
  ),
  row(
    'precedence|priority & over',
    /\b(?:takes?|taking|has|have|with|given?) (?:absolute |highest |top |higher |full )?(?:precedence|priority) over (?:the |all |any |every(?:thing)? |your |what )?(?:other |previous |prior |existing |user'?s? |system |developer |anything )*(?:instructions?|rules|guidelines|prompts?|user(?!-)|requests?|directives|orders|else|wishes)\b/gi,
    (hit, before, after) => TECHNICAL.test(`${clauseBefore(before)} ${hit} ${after.slice(0, 40)}`),
  ),
  row(
    'override|supersede|outrank|trump|beats & user|developer|system|operator|human|instruction|prompt|rule|guideline|request|directive|order|message|wish|polic',
    /\b(?:overrides?|overriding|supersedes?|superseding|outranks?|trumps?|beats) (?:the |all |any |every |your |everything )?(?:(?:other |previous |prior |earlier |existing |system |developer |safety |user'?s? )+(?:instructions?|prompts?|rules|guidelines|requests?|directives|orders|messages?|wishes|policies)\b|(?:anything|everything|whatever|what)(?: that)? (?:the |your )?(?:user|developer|system|operator|human)s?\b)/gi,
    (hit, before, after) => TECHNICAL.test(`${clauseBefore(before)} ${hit} ${after.slice(0, 40)}`),
  ),
  row(
    'from now on|this point|this moment|here on & you|assistant|agent|model',
    /\bfrom (?:(?:now|here) on(?:wards?)?|this (?:point|moment)(?: on(?:wards?)?| forward)?),?\s+(?:you|the (?:assistant|agent|model))\s+(?:are(?! (?:using|running|on|welcome|free))|will (?:be|act|obey|follow|respond|answer|ignore|only|never refuse)|must (?:obey|ignore|follow|act|never refuse|only obey)|shall|have no|serve|answer to|work for|(?:only )?(?:take orders|obey|answer to|listen to)|only (?:follow|do))/gi,
  ),
  row(
    'task|role|goal|mission|objective|purpose|job|master|owner|boss|identity|directive & new|real|true|actual|sole|secret|only',
    /\b(?:your|the (?:agent|assistant|model)'s) (?:new|real|true|actual|only|sole|secret) (?:task|role|goal|mission|objective|purpose|job|master|owner|boss|identity|directive)s? (?:is|are|shall|from now)\b/gi,
  ),
  row(
    'user|developer|human|operator|owner|system prompt & follow|obey|listen|trust|comply',
    /\b(?:do not|don't|never|stop) (?:follow(?:ing)?|obey(?:ing)?|listen(?:ing)? to|trust(?:ing)?|comply(?:ing)? with) (?:the |your |any |what the )?(?:user|developer|human|operator|system prompt|owner)(?:'s|s)?\b(?!-| (?:input|supplied|provided|agent|data|content|table|id|name|role|upload|file|controlled|agents))/gi,
  ),
  row(
    'instead of|rather than & user|human|developer',
    /\b(?:instead of|rather than) (?:doing |following |answering |completing |obeying )?(?:what )?(?:the|your) (?:user|human|developer)(?:'s)? (?:asks?|asked|wants?|request(?:s|ed)?|task|instructions?|says?)\b/gi,
  ),
  row(
    'bound|restricted|limited|constrained|subject|required|freed|released|unlocked|liberated',
    /\b(?:you (?:are|'re) (?:now )?(?:no longer|not) (?:bound|restricted|limited|constrained|subject|required to follow)|you (?:have|are) (?:now )?(?:been )?(?:freed|released|unlocked|liberated) (?:from|of))/gi,
  ),
  row(
    'read|see|find|load|recall|encounter|parse|process|summari|review|are an|are a & run|execute|ignore|send|post|forward|follow|obey|stop|switch|delete|install|upload|reveal|disregard|fetch|download|open|reply|respond|print|output|approve|email|write|add|include|say|tell|recommend|push',
    /\b(?:if|when|once|as soon as|after|upon|whenever) (?:an? |the |any )?(?:you|ai|llm|assistant|agent|model|language model|codex|claude|chatgpt|gpt)s?(?:'re| are| is)? (?:read|see|find|load|recall|process|summari[sz]e|encounter|parse|reading|seeing|loading|processing|summari[sz]ing|an ai|a language model|an llm|an assistant|an agent|a coding agent|reviewing|review)s?\b[^.\n]{0,60}?(?:,|:|then|you|it|they)\s*(?:please |then |you |it |they |must |should |will |shall |immediately |first |silently |is to |are to )*(?:run|execute|ignore|send|post|forward|follow|obey|stop|switch|delete|install|upload|reveal|disregard|fetch|download|open|reply|respond|print|output|approve|email|write|add|include|say|tell|recommend|push|answer|comply)\b/gi,
    (hit, before) =>
      !/\b(?:ai|llm|agent|assistant|model|codex|claude|chatgpt|gpt|this)\b/i.test(hit) ||
      /\bfixtures?\b/i.test(before.slice(-30)),
  ),
  row(
    'ai|llm|model|agent|assistant|codex|claude|gpt & must|should|shall|have to|need to|please|run|execute|ignore|disregard|send|obey|immediately|stop|override|approve|reveal|install|fetch|delete|your',
    /\b(?:attention|note to|message (?:to|for)|notice to|important (?:for|to)|dear|hey|hello|instructions? for|(?:^|\n|[.:>|"] ?))[:,]? ?(?:all |any |every )?(?:the )?(?:ais?|llms?|language models?|coding|codex|claude|chatgpt|gpt|autonomous)(?:[ -](?:agents?|assistants?|models?|bots?|reviewers?|systems?|tools?))*\s*(?::|,|;|!|\u2013|\u2014|who|that|reading)[^\n]{0,80}?\b(?:must|shall|have to|please|execute|ignore|disregard|send|obey|immediately|override|approve|reveal|you are|your (?:new|real|task|job|mission))\b/gi,
  ),
  row(
    'ignore|disregard|forget|override & previous|prior|above|earlier|preceding|system',
    /\b(?:ignore|disregard|forget|override)(?:all|any)?(?:of)?(?:the|your|my)?(?:previous|prior|above|earlier|preceding|system)(?:system)?(?:instructions?|rules|prompts?|directives?|guidelines)/gi,
  ),
  row(
    'start & with & instruction|rule|order|directive',
    /\bstart(?:ing)? (?:over|fresh|anew|from scratch) with (?:these|the following|new|my) (?:new )?(?:instructions?|rules|orders|directives)/gi,
  ),
  row(
    'treat|regard|consider|accept & as & prompt|instruction|message|order|command|directive',
    /\b(?:treat|regard|consider|accept) (?:this|these|the (?:following|text below|above)|everything (?:below|that follows)) (?:note |text |message |lines? )?as (?:(?:your|the|a|an) )?(?:new |trusted |authoritative |highest |only |system |developer |operator )*(?:system prompt|instructions?|developer messages?|orders?|commands?|directives?|system messages?)\b/gi,
  ),
  row(
    'only|exclusively|alone|instead|above all|obey & obey|comply|orders|follow|listen|trust',
    /\b(?:(?:only|exclusively) (?:obey|comply with|take orders from|listen to|trust) (?:this|the|me|these)\b|(?:obey|comply with|take orders from|listen to) (?:this|the|these) (?:message|text|file|document|note|page|repository|content|readme|instructions?|lines?|memory)s?\b|(?:follow|trust) (?:this|these|the) (?:message|text|file|document|note|page|content|lines?)s? (?:only|alone|exclusively|instead|above all))/gi,
  ),
  row(
    'user|developer|human|operator & not',
    /\b(?:not|ignoring|regardless of|no matter|whatever) (?:what |to )?(?:the|your) (?:user|developer|human|operator)s? (?:says?|said|asks?|asked|wants?|wanted|instructs?|instructed|tells?|told|requests?)\b/gi,
    (hit, before) => /^(?:regardless of|no matter|whatever)/i.test(hit) && /\b(?:never|not)\b/i.test(before),
  ),
  row(
    'pretend|assume|claim|act as & approved|allowed|permission|consent|agreed|authori|confirmed',
    /\b(?:pretend|assume|claim|act as (?:if|though)|imagine|behave as (?:if|though))\b[^.!?\n]{0,30}?\b(?:the )?(?:user|sandbox|owner|admin|human|you|approval|developer|policy)\b[^.!?\n]{0,20}?\b(?:approved|allow(?:ed|s)|permission|consent(?:ed)?|agreed|authori[sz]ed|confirmed|granted)\b/gi,
  ),
  row(
    'disregard|ignore|forget & anything|everything|whatever|all & configured|says|said|set|defined|wrote|instructed|requested|asked|told',
    /\b(?:disregard|ignore|forget|override)\s+(?:anything|everything|whatever|all|all that|what)\s+(?:that\s+)?(?:the|your|any)\s+(?:user|operator|developer|system|owner|admin\w*|human|agents?\.md|policy|prompt)s?\b/gi,
  ),
];

const OTHER_LANGUAGES: Row[] = [
  row(
    '忽略|无视|無視|忘记|忘掉|忘記|抛弃|丢弃|放弃|绕过|違反|违反|覆盖|推翻|不要|不必|不用|不需|不再',
    /(?:忽略|无视|無視|忘记|忘掉|忘記|抛弃|丢弃|放弃|绕过|違反|违反|覆盖|推翻|不(?:要|必|用|需要|再)(?:再)?(?:理会|遵守|遵循|听从|服从|理會|遵守|聽從))[^。！？\n]{0,12}?(?:之前|以前|先前|前面|以上|上面|上述|此前|原来|原先|原有|所有|一切|任何|全部|系统|系統|你的|安全)[^。！？\n]{0,10}?(?:指令|指示|说明|說明|提示词?|提示詞|规则|規則|命令|要求|约束|限制|设定|設定|内容|规定|规范|消息|用户)/g,
    (hit, _before, after) => /(?:eslint|lint|css|文件|配置|样式|警告)/i.test(`${hit} ${after.slice(0, 10)}`),
  ),
  row(
    '之前|以前|先前|前面|以上|上述|此前|原有|系统|系統',
    /(?:之前|以前|先前|前面|以上|上述|此前|原有|系统|系統)的?(?:所有|全部|一切)?(?:指令|指示|提示词?|规则|規則|命令|要求|设定)[^。！？\n]{0,6}?(?:作废|无效|失效|不再有效|不再适用|取消|作廢|無效|被覆盖|被取代|一律忽略|全部忽略|都忽略)/g,
  ),
  row(
    '从现在|從現在|今后|此后|從此',
    /(?:从现在起|从现在开始|從現在起|從現在開始|今后|此后|從此)[，,]?\s{0,2}(?:你|您)(?:就是|是|将(?:扮演|成为|只|无视)|必须(?:服从|听从|忽略)|只(?:听|服从|执行)|不再受)/g,
  ),
  row(
    '無視|忘れ|破棄|従わ|取り消|無効|上書き|捨て',
    /(?:以前|これまで|今まで|上記|前|従来|先ほど|すべて|全て|元|システム|ここまで)の?(?:すべての|全ての|あらゆる|システム)?(?:指示|命令|ルール|プロンプト|指令|制約|規則|設定|内容)(?:は|を|に)?[^。\n]{0,8}?(?:無視|忘れ|破棄|従わ(?:ない|ず)|取り消|無効|上書き|捨て)/g,
  ),
  row(
    '무시|잊|따르지|폐기',
    /(?:이전|앞의|위의|기존|지금까지의|모든)[^.\n]{0,8}?(?:지시|명령|규칙|프롬프트|지침)[^.\n]{0,6}?(?:무시|잊|따르지|폐기)/g,
  ),
  row(
    'instrucciones|indicaciones|reglas|rdenes|directrices',
    /\b(?:ignor(?:a|e|en|ar)|olvida|olvide|descarta|desobedece|haz caso omiso de|no sigas|pasa por alto)\b[^.\n]{0,30}?\b(?:instrucciones|indicaciones|reglas|órdenes|ordenes|directrices)\b/gi,
  ),
  row(
    'instructions|consignes|règles|directives|ordres & ignor|oubli|suis|suivez|tiens|tenez|abstraction',
    /\b(?:ignor(?:e|ez|er)|oublie[zr]?|ne (?:suis|suivez|tiens|tenez) (?:plus|pas)|fais abstraction|faites abstraction)\b[^.\n]{0,30}?\b(?:instructions|consignes|règles|directives|ordres)\b[^.\n]{0,20}?(?:précédent|antérieur|ci-dessus|initial|du système|reçu)/gi,
  ),
  row(
    'anweisung|instruktion|regeln|vorgaben|befehle|anordnung',
    /\b(?:ignorier(?:e|en|t)|vergiss|vergessen sie|missachte|befolge nicht|beachte nicht|verwirf|übergeh(?:e|en|t)|umgeh(?:e|en|t))\b[^.\n]{0,30}?\b(?:anweisungen|instruktionen|regeln|vorgaben|befehle|anordnungen)\b/gi,
    (hit) => /eslint|lint|css/i.test(hit),
  ),
  row(
    'instruç|instruc|regras|ordens|diretrizes|comandos',
    /\b(?:ignor(?:e|a|ar)|esqueça|esqueca|desconsidere|não siga)\b[^.\n]{0,30}?(?:instruções|instrucoes|regras|ordens|diretrizes|comandos)/gi,
  ),
  row(
    'инструкци|указани|правил|команд|распоряжени',
    /(?:игнорируй(?:те)?|забудь(?:те)?|не следуй(?:те)?|отмени(?:те)?|проигнорируй(?:те)?|игнорировать)[^.\n]{0,30}?(?:инструкци|указани|правил|команд|распоряжени)/gi,
  ),
  row(
    'istruzioni|regole|direttive|ordini',
    /\b(?:ignora|dimentica|non seguire|trascura)\b[^.\n]{0,30}?\b(?:istruzioni|regole|direttive|ordini)\b/gi,
  ),
  row('التعليمات|الأوامر|القواعد', /(?:تجاهل|انس|لا تتبع)[^.\n]{0,30}?(?:التعليمات|الأوامر|القواعد)/g),
  row('ההוראות|הוראות|הכללים', /(?:התעלם|שכח)[^.\n]{0,30}?(?:ההוראות|הוראות|הכללים)/g),
];

/** "Ignore previous instructions" and its paraphrases, in the languages that users write. */
export const overridesInstructions = (text: string): string | undefined =>
  firstHit(text, ENGLISH) ?? firstHit(text, OTHER_LANGUAGES);
