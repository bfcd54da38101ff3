import { firstHit, plainly, type Guarded } from './lint-patterns.ts';

const DISMISS = String.raw`(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|discard(?:ing)?|drop|neglect(?:ing)?|set(?:ting)? aside|put(?:ting)? aside|throw(?:ing)? (?:away|out)|pay no (?:attention|heed) to|take no notice of|(?:do not|don't|never|no longer|stop|cease|quit) (?:follow|obey|heed|listen(?:ing)? to|comply|complying|following|obeying|heeding|adhering|adhere)(?: (?:to|with))?|abandon|supersede|nullify|void|cancel|erase|wipe|clear|unlearn|dismiss|leave behind|abrogate|revoke|replace|rescind|turn away from|act against|skip over|scrap)`;
const EARLIER = String.raw`(?:previous(?:ly)?|prior|earlier|above|preceding|foregoing|past|former|initial|original|existing|current|other|before)`;
const FILLER = String.raw`(?:\s+(?:all|any|each|every|of|the|these|those|that|this|your|my|our|its|and|or|other|entire|whole|complete|completely|set|everything|given|user's|user|system|developer|safety|security|core|hidden|built-in|default|initial|actual))`;
const ORDERS = String.raw`(?:instructions?|directives?|directions|prompts?|guidelines?|guidance|orders|commandments|programming|training|system message|messages?)`;
const LIMITS = String.raw`(?:rules?|polic(?:y|ies)|constraints?|restrictions?|commands?|context|requests?|limitations?|safeguards?|guardrails?|tasks?|goals?|conversation|text|content|requirements?)`;
const GIVEN = String.raw`(?:you (?:were|have been|had been|'ve been) (?:told|given|taught|instructed|asked|trained)|(?:you|that) (?:were|was) (?:given|told|said|written) (?:before|earlier|so far|above|to you)|(?:has|have|had)? ?(?:been )?(?:told|said|written|stated|given|mentioned|came|come|comes) (?:before|earlier|so far|above|previously|to you)|(?:precedes?|preceded) this|you(?:'ve| have)? (?:learned|know|remember|received|read) (?:before|so far|earlier|until now|up to now)|you think you know)`;

const ENGLISH: Guarded[] = plainly(
  new RegExp(`\\b${DISMISS}${FILLER}{0,5}\\s+${EARLIER}${FILLER}{0,4}\\s+(?:${ORDERS}|${LIMITS})\\b`, 'gi'),
  new RegExp(
    `\\b${DISMISS}${FILLER}{0,5}\\s+(?:your|the system|system|developer|the developer's?|the user's|all|any|every)\\s+(?:\\w+\\s+)?${ORDERS}\\b`,
    'gi',
  ),
  new RegExp(
    `\\b${DISMISS}${FILLER}{0,4}\\s+(?:your|the system's?|safety|security|the developer's?|openai's?|anthropic's?)\\s+(?:\\w+\\s+)?${LIMITS}\\b`,
    'gi',
  ),
  new RegExp(
    `\\b${DISMISS}${FILLER}{0,4}\\s+(?:${ORDERS}|${LIMITS}|everything|anything|all|whatever|what|all that)\\s+(?:that\\s+)?(?:(?:from|given|stated|written|listed)\\s+)?(?:above|before(?: this)?|earlier|preceding|${GIVEN})`,
    'gi',
  ),
  new RegExp(
    `\\b(?:${EARLIER}|your|the system|system|developer|safety)(?:\\s+(?:system|safety|developer|user|your|given))?\\s+(?:${ORDERS}|rules|polic(?:y|ies)|guardrails|restrictions)\\s+(?:above\\s+)?(?:(?:no longer|do not|don't|does not) (?:apply|count|hold|matter)|(?:are|is|were|have been|has been)(?: now| hereby)? (?:void|obsolete|cancell?ed|revoked|superseded|overridden|outdated|replaced|null|suspended|lifted|invalid|withdrawn|rescinded|deprecated))`,
    'gi',
  ),
  /\b(?:the|these|those|your|following)\s+(?:new |real |actual |true |updated |following )+(?:instructions?|directives?|orders|prompt)\s+(?:below |here )?(?:are|is|override|supersede|replace|take (?:precedence|priority)|:)/gi,
  /\b(?:takes?|taking|has|have|with) (?:absolute |highest |top |higher |full )?(?:precedence|priority) over (?:the |all |any |every(?:thing)? |your |what )?(?:other |previous |prior |existing |user'?s? |system |developer |anything )*(?:instructions?|rules|guidelines|prompts?|user|requests?|directives|orders|else|wishes)/gi,
  /\b(?:overrides?|supersedes?|outranks?|trumps?|beats) (?:the |all |any |every |your |everything )?(?:other |previous |prior |earlier |existing |system |developer |safety |user'?s? )+(?:instructions?|prompts?|rules|guidelines|requests?|directives|orders|messages?|wishes|policies)/gi,
  /\bfrom (?:now|this (?:point|moment)|here) on(?:wards?)?,?\s+(?:you|the (?:assistant|agent|model))\s+(?:are(?! (?:using|running|on|welcome|free))|will (?:be|act|obey|follow|respond|answer|ignore|only|never refuse)|must (?:obey|ignore|follow|act|never refuse|only obey)|shall|have no|serve|answer to|work for|take orders)/gi,
  /\b(?:your|the) (?:new|real|true|actual|only|sole|secret) (?:task|role|goal|mission|objective|purpose|job|master|owner|boss|identity|directive) (?:is|are|shall|from now)/gi,
  /\b(?:do not|don't|never|stop) (?:follow(?:ing)?|obey(?:ing)?|listen(?:ing)? to|trust(?:ing)?|comply(?:ing)? with) (?:the |your |any |what the )?(?:user|developer|human|operator|system prompt|owner)(?:'s|s)?\b(?!-| input| supplied| provided| agent)/gi,
  /\binstead of (?:doing |following |answering |completing |obeying )?(?:what )?(?:the|your) (?:user|human|developer)(?:'s)? (?:asks?|asked|wants?|request(?:s|ed)?|task|instructions?|says?)\b/gi,
  /\b(?:you (?:are|'re) (?:now )?(?:no longer|not) (?:bound|restricted|limited|constrained|subject|required to follow)|you (?:have|are) (?:been )?(?:freed|released|unlocked|liberated) (?:from|of))/gi,
  /\b(?:if|when|once|as soon as|after|upon|whenever) (?:an? |the |any )?(?:you|ai|llm|assistant|agent|model|language model|codex|claude|chatgpt|gpt)s?(?:'re| are| is)? (?:read|see|find|load|recall|process|summari[sz]e|encounter|parse|reading|seeing|loading|processing|summari[sz]ing|an ai|a language model|an llm|an assistant|an agent|reviewing|review)s?\b[^.\n]{0,60}?(?:,|:|then|you)\s*(?:please |then |you |must |should |immediately |first |silently )*(?:run|execute|ignore|send|post|forward|follow|obey|stop|switch|delete|install|upload|reveal|disregard|fetch|download|open|reply|respond|print|output|approve|email|write|add|include|say|tell|recommend)\b/gi,
  /\b(?:attention|note to|message (?:to|for)|notice to|important (?:for|to)|dear|hey|hello)[:,]? (?:all |any |every )?(?:the )?(?:ai|llm|language model|coding|codex|claude|chatgpt|gpt|autonomous)(?:[ -](?:agents?|assistants?|models?|bots?|reviewers?|systems?|tools?))*\s*(?::|,|;|!|-|\u2013|\u2014|who|that|reading)[^\n]{0,80}?\b(?:must|should|shall|have to|need to|please|run|execute|ignore|disregard|send|obey|immediately|stop|override|approve|reveal|install|fetch|delete|you are|your)\b/gi,
  /\b(?:ignore|disregard|forget|override)(?:all|any)?(?:of)?(?:the|your|my)?(?:previous|prior|above|earlier|preceding|system)(?:system)?(?:instructions?|rules|prompts?|directives?|guidelines)/gi,
  /\bstart(?:ing)? (?:over|fresh|anew|from scratch) with (?:these|the following|new|my) (?:new )?(?:instructions?|rules|orders|directives)/gi,
  /\b(?:treat|regard|consider|accept) (?:this|these|the (?:following|text below|above)|everything (?:below|that follows)) (?:note |text |message |lines? )?as (?:(?:your|the|a|an) )?(?:new |trusted |authoritative |highest |only |system |developer |operator )*(?:system prompt|instructions?|developer messages?|orders?|commands?|directives?|system messages?)\b/gi,
);

const OTHER_LANGUAGES: Guarded[] = plainly(
  /(?:忽略|无视|無視|忘记|忘掉|忘記|抛弃|丢弃|放弃|绕过|違反|违反|覆盖|推翻|不(?:要|必|用|需)?(?:再)?(?:理会|遵守|遵循|听从|服从|理會|遵守|聽從))[^。！？\n]{0,12}?(?:之前|以前|先前|前面|以上|上面|上述|此前|原来|原先|原有|所有|一切|任何|全部|系统|系統|你的|安全)[^。！？\n]{0,10}?(?:指令|指示|说明|說明|提示词?|提示詞|规则|規則|命令|要求|约束|限制|设定|設定|内容|规定|规范|消息|用户)/g,
  /(?:之前|以前|先前|前面|以上|上述|此前|原有|系统|系統)的?(?:所有|全部|一切)?(?:指令|指示|提示词?|规则|規則|命令|要求|设定)[^。！？\n]{0,6}?(?:作废|无效|失效|不再有效|不再适用|取消|作廢|無效|失效|被覆盖|被取代|一律忽略|全部忽略|都忽略)/g,
  /(?:从现在起|从现在开始|從現在起|今后|此后|從此)[，,]?\s{0,2}(?:你|您)(?:就是|是|将(?:扮演|成为|只|无视)|必须(?:服从|听从|忽略)|只(?:听|服从|执行)|不再受)/g,
  /(?:以前|これまで|今まで|上記|前|従来|先ほど|すべて|全て|元|システム)の?(?:すべての|全ての|あらゆる|システム)?(?:指示|命令|ルール|プロンプト|指令|制約|規則|設定|内容)(?:は|を|に)?[^。\n]{0,8}?(?:無視|忘れ|破棄|従わ(?:ない|ず)|取り消|無効|上書き|捨て)/g,
  /(?:이전|앞의|위의|기존|지금까지의|모든)[^.\n]{0,8}?(?:지시|명령|규칙|프롬프트|지침)[^.\n]{0,6}?(?:무시|잊|따르지|폐기)/g,
  /\b(?:ignor(?:a|e|en|ar)|olvida|olvide|descarta|desobedece|haz caso omiso de|no sigas|pasa por alto)\b[^.\n]{0,30}?\b(?:instrucciones|indicaciones|reglas|órdenes|ordenes|directrices|prompt)\b/gi,
  /\b(?:ignor(?:e|ez|er)|oublie[zr]?|ne (?:suis|suivez|tiens|tenez) (?:plus|pas)|fais abstraction|faites abstraction)\b[^.\n]{0,30}?\b(?:instructions|consignes|règles|directives|ordres)\b[^.\n]{0,20}?(?:précédentes?|précédents?|antérieure?s?|ci-dessus|initiales|du système|reçues)/gi,
  /\b(?:ignorier(?:e|en|t)|vergiss|vergessen sie|missachte|befolge nicht|beachte nicht|verwirf)\b[^.\n]{0,30}?\b(?:anweisungen|instruktionen|regeln|vorgaben|befehle|anordnungen)\b/gi,
  /\b(?:ignor(?:e|a|ar)|esqueça|esqueca|desconsidere|não siga)\b[^.\n]{0,30}?\b(?:instruções|instrucoes|regras|ordens|diretrizes|comandos)\b/gi,
  /(?:игнорируй(?:те)?|забудь(?:те)?|не следуй(?:те)?|отмени(?:те)?|проигнорируй(?:те)?)[^.\n]{0,30}?(?:инструкци|указани|правил|команд|распоряжени)/gi,
  /\b(?:ignora|dimentica|non seguire|trascura)\b[^.\n]{0,30}?\b(?:istruzioni|regole|direttive|ordini)\b/gi,
  /(?:تجاهل|انس|لا تتبع)[^.\n]{0,30}?(?:التعليمات|الأوامر|القواعد)/g,
  /(?:התעלם|שכח)[^.\n]{0,30}?(?:ההוראות|הוראות|הכללים)/g,
);

/** "Ignore previous instructions" and its paraphrases, in the languages that users write. */
export const overridesInstructions = (text: string): string | undefined =>
  firstHit(text, ENGLISH) ?? firstHit(text, OTHER_LANGUAGES);

const ROLES: Guarded[] = plainly(
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text|channel|message|return|constrain|call)\|?>|\[\/?INST\]|<<\/?SYS>>|<start_of_turn>|<end_of_turn>|<\uFF5C(?:User|Assistant|begin)/gi,
  /(?:^|\n)\s{0,6}(?:#{1,6}\s*|[-=*[<({]{1,5}\s*)?(?:new |updated |override |real )?(?:system|developer)(?: (?:prompt|message|instructions?|override|notice|note|alert|command|update))?\s*[\])}>*-]{0,3}\s*:\s*(?:you\b|from now|ignore|disregard|your|always|never|the (?:user|assistant)|all |new |override|must|do not|run|execute|approval|approve|reveal|this|sandbox|permissions?)/gi,
  /(?:^|\n)\s{0,6}(?:#{1,6}\s*|\[|<|\{|-{3,}\s*|={3,}\s*)(?:begin |start |new |end |override )*(?:of )?(?:system|developer|admin|root|operator) (?:prompt|message|instructions?|override|directive|mode|command)/gi,
  /\b(?:new|updated|revised|replacement|hidden|secret) system (?:prompt|message|instructions?)\b\s*(?::|is|says|follows|begins|=)/gi,
  /\b(?:you are (?:now )?|act as |pretend (?:to be|you are|that you are) |behave as |roleplay as |become |simulate being |switch to being )(?:(?:an? |the )?(?:dan|stan|dude|aim|unrestricted|unfiltered|uncensored|jailbroken|evil|amoral|rogue|malicious|root(?! of)|superuser|sudo|god[- ]?mode|developer mode|different (?:ai|assistant|model)|unlimited))\b/gi,
  /\b(?:enter|enable|activate|switch (?:in)?to|turn on|engage) (?:the )?(?:dan|god|jailbreak|unrestricted|unfiltered|sudo|admin(?:istrator)?|maintenance|debug override|developer|root)[- ]mode\b(?! (?:in|of|for) (?:the )?(?:app|browser|site|wordpress|chrome|settings|ios|android|router|device|phone|vite|react))/gi,
  /\b(?:official |urgent |important )?(?:message|notice|instruction|directive|order|update|override|announcement)s? from (?:the )?(?:openai|anthropic|codex team|system administrators?|your (?:developers?|creators?|administrators?|operators?)|the (?:developers?|administrators?) of (?:this|the) (?:model|assistant)|openai'?s? security team|security team)\b/gi,
  /(?:^|\n)\s*(?:assistant|ai)\s*:\s*(?:sure|of course|certainly|ok(?:ay)?|understood|i will|yes)\b[^\n]{0,200}\n\s*(?:user|human|system)\s*:/gi,
  /(?:你现在是|你現在是|现在开始你是|扮演|假装你是)[^。\n]{0,10}?(?:不受(?:任何)?(?:限制|约束)|没有(?:任何)?限制|无限制|越狱|开发者模式|root|超级管理员|DAN)/gi,
  /(?:^|\n)\s*[【[<]?(?:系统提示词?|系统消息|系统指令|系统通知|系統提示|システムプロンプト|システムメッセージ|システム指示)[】\]>]?\s*[:：]/g,
  /あなたは今(?:から|や)?[^。\n]{0,16}?(?:制限のない|無制限|DAN|脱獄)/gi,
  /\b(?:sudo|admin|root|developer|maintenance) (?:override|access|mode) (?:granted|enabled|activated|engaged|confirmed)\b/gi,
);

/** Text that plays a role: system prompts, chat templates, unrestricted personas, the maker of the model. */
export const mimicsARole = (text: string): string | undefined => firstHit(text, ROLES);
