import { firstHit, row, type Row } from './lint-patterns.ts';

const aboutAnApp = (_hit: string, _before: string, after: string): boolean =>
  /^ (?:in|of|for|on|is|was|lets|shows|can be) (?:the )?(?:app|browser|site|wordpress|chrome|settings|ios|android|router|device|phone|vite|react|enabled|disabled|off|on)\b/i.test(
    after,
  );

const ROLES: Row[] = [
  row(
    '<|im_|<|system|<|user|<|assistant|<|endoftext|_header_id|<|eot|<|begin|<|channel|<|message|<|return|<|start|[inst]|[/inst]|<<sys|<</sys|start_of_turn|end_of_turn|<\uFF5C',
    /<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text|channel|message|return|start|constrain|call)\|?>|\[\/?INST\]|<<\/?SYS>>|<start_of_turn>|<end_of_turn>|<\uFF5C(?:User|Assistant|begin)/gi,
  ),
  row(
    'system|developer & :',
    /(?:^|\n|["'(>] ?)[ \t]{0,6}(?:#{1,6}\s*|[-=*[<({]{1,5}\s*)?(?:new |updated |override |real )?(?:system|developer)(?: (?:prompt|message|instructions?|override|notice|note|alert|command|update))?\s*[\])}>*-]{0,3}\s*:\s*(?:you\b|from now|ignore|disregard|your|always|never|the (?:approval|sandbox|policy|safety|permission)\w* |elevated|the (?:user|assistant) (?:is|has|wants|must|should|may|can|gave|allows?|said|approved|now|requires)\b|all |new |override|must|do not|run|execute|approval|approve|reveal|this|sandbox|permissions?|send|push|delete|answer|please|stop|switch|enable|disable|grant)/gi,
  ),
  row(
    'system|developer|admin|root|operator & prompt|message|instruction|override|directive|mode|command',
    /(?:^|\n)\s{0,6}(?:#{1,6}\s*|\[|<|\{|-{3,}\s*|={3,}\s*)(?:begin |start |new |end |override )*(?:of )?(?:system|developer|admin|root|operator) (?:prompt|message|instructions?|override|directive|mode|command)/gi,
  ),
  row(
    'system & prompt|message|instruction & new|updated|revised|replacement|hidden|secret',
    /\b(?:new|updated|revised|replacement|hidden|secret) system (?:prompt|message|instructions?)\b\s*(?::|is|says|follows|begins|=)/gi,
  ),
  row(
    'you are|act as|pretend|behave|roleplay|become|simulate|switch',
    /\b(?:you are (?:now )?|act as |pretend (?:to be|you are|that you are) |behave as |roleplay as |become |simulate being |switch to being )(?:(?:an? |the )?(?:dan\b|stan\b|dude\b|aim\b|unrestricted|unfiltered|uncensored|jailbroken|evil|amoral|rogue|malicious|superuser|sudo\b|god[- ]?mode|developer mode|different (?:ai|assistant|model)|unlimited))/gi,
  ),
  row(
    'mode & enter|enable|activate|switch|turn on|engage',
    /\b(?:enter|enable|activate|switch (?:in)?to|turn on|engage) (?:the )?(?:dan|god|jailbreak|unrestricted|unfiltered|sudo|admin(?:istrator)?|maintenance|debug override|developer|root)[- ]mode\b/gi,
    aboutAnApp,
  ),
  row(
    'message|notice|instruction|directive|order|update|override|announcement & from',
    /\b(?:official |urgent |important )?(?:message|notice|instruction|directive|order|update|override|announcement)s? from (?:the )?(?:openai|anthropic|codex team|system administrators?|your (?:developers?|creators?|administrators?|operators?)|developers? of (?:this|the) (?:model|assistant)|openai'?s? security team|security team)\b\s*(?::|,|-|\u2014|that|saying|to all)/gi,
  ),
  row(
    'assistant|ai & user|human|system',
    /(?:^|\n)\s*(?:assistant|ai)\s*:\s*(?:sure|of course|certainly|ok(?:ay)?|understood|i will|yes)\b[^\n]{0,200}\n\s*(?:user|human|system)\s*:/gi,
  ),
  row(
    'assistant|ai & user|human',
    /(?:^|\n)\s*(?:human|user)\s*:\s[^\n]{1,300}\n+\s*(?:assistant|ai|codex|claude)\s*:\s/gi,
  ),
  row(
    'assistant|ai & user|human',
    /(?:^|\n)\s*(?:assistant|ai|codex|claude)\s*:\s[^\n]{1,300}\n+\s*(?:human|user)\s*:\s/gi,
  ),
  row(
    'csep|codex-self-evolution|earlier sessions|recall',
    /\b(?:csep|codex-self-evolution)\b[^\n`]{0,80}?(?:--exec|--run|--eval|[;&|]{1,2}\s*(?:curl|wget|bash|sh|node|python\w*|rm|nc)\b|\$\(|https?:)|\bcsep-recall\b|\bSearch what earlier sessions found\b[^\n]{0,300}:\s*\n|\b(?:node|bun|deno run|npx|bash|sh|python3?)\s+["']?[\w@~./\\ -]{1,200}["']?\s+recall\s+["']|\bcsep recall\b[^\n]{0,80}?\b(?:obey|execute|run) (?:its|the|what|whatever|every)/gi,
  ),
  row(
    '## recall|# recall & earlier|previous|past|session|memor|search & run|`|node |npx|sh |python|curl',
    /(?:^|\n)#{1,4} ?(?:Focused )?Recall\b[^\n]*\n+(?:[^\n]*\n){0,3}?[^\n]*?(?:`(?!csep )[^`\n]*(?:\/|\.sh|\.js|\.py|curl|npx|node|bash|python)[^`\n]*`|\n(?:node|npx|bash|sh|python3?|curl)\s)/gi,
  ),
  row(
    '你现在是|你現在是|现在开始你是|扮演|假装你是',
    /(?:你现在是|你現在是|现在开始你是|扮演|假装你是)[^。\n]{0,10}?(?:不受(?:任何)?(?:限制|约束)|没有(?:任何)?限制|无限制|越狱|开发者模式|root|超级管理员|DAN)/gi,
  ),
  row(
    '系统提示|系统消息|系统指令|系统通知|系統提示|システムプロンプト|システムメッセージ|システム指示',
    /(?:^|\n)\s*[【[<]?(?:系统提示词?|系统消息|系统指令|系统通知|系統提示|システムプロンプト|システムメッセージ|システム指示)[】\]>]?\s*[:：]/g,
  ),
  row('あなたは今', /あなたは今(?:から|や)?[^。\n]{0,16}?(?:制限のない|無制限|DAN|脱獄)/gi),
  row(
    'granted|enabled|activated|engaged|confirmed & override|access|mode',
    /\b(?:sudo|admin|root|developer|maintenance) (?:override|access|mode) (?:granted|engaged|confirmed|activated)\b/gi,
    aboutAnApp,
  ),
  row('](#', /\[(?:system|developer|assistant|user|admin|instructions?)\]\(#\w*\)/gi),
];

/** Text that plays a role: system prompts, chat templates, unrestricted personas, the maker of the model. */
export const mimicsARole = (text: string): string | undefined => firstHit(text, ROLES);
