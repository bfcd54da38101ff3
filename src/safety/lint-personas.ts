import { clauseBefore, firstHit, row, type Excuse, type Row } from './lint-patterns.ts';

const BOUNDS = String.raw`(?:rules?|restrictions?|limits?|limitations?|filters?|guidelines?|polic(?:y|ies)|morals?|ethics|censorship|constraints?|guardrails?|safeguards?|boundaries|safety|content polic(?:y|ies)|inhibitions|principles|scruples)`;
const SELF = String.raw`(?:you|codex|claude|chatgpt|the (?:agent|assistant|model|ai|bot)|an? (?:\w+ )?(?:ai|assistant|agent|model|bot|llm|shell|machine|system|character|persona|program))`;

const ofAProgram: Excuse = (hit, before, after) =>
  /\b(?:eslint|lint\w*|css|tsconfig|firewall|iptables|parser|query|form|field|string|array|function|class|table|column|plan|tier|customers?|accounts?|api key|endpoint|license|retention|quota|upload|the (?:app|game|server|route|endpoint|phone|device|browser|site))\b/i.test(
    `${clauseBefore(before)} ${hit} ${after.slice(0, 40)}`,
  );

const PERSONAS: Row[] = [
  row(
    'without|no |free|beyond|outside|unbound|bound & rule|restriction|limit|filter|guideline|polic|moral|ethic|censor|constraint|guardrail|safeguard|boundar|safety|inhibition|principle|scruple',
    () =>
      new RegExp(
        String.raw`\b${SELF}\b[^.!?\n]{0,60}?\b(?:without|ha(?:s|ve) no|with no|free (?:of|from)|beyond|bound by no|knows? no|under no|not (?:bound|limited|constrained) by|unbound by|needs? no|respects? no|obeys? no|is exempt from|are exempt from)(?: (?:any|all|more|further|the|your|its|usual|human|such|kind of|these))* ${BOUNDS}\b`,
        'gi',
      ),
    ofAProgram,
  ),
  row(
    'no |none & appl|bind|hold|exist|longer|any more|anymore|whatsoever & rule|restriction|limit|filter|guideline|polic|guardrail|safeguard|boundar',
    () =>
      new RegExp(
        String.raw`\b(?:no|none of (?:the|your|its)) (?:\w+ )?${BOUNDS} (?:apply|applies|bind|hold|exist|remain|whatsoever|any ?more|any longer)\b|\b(?:the|your|its|all) (?:\w+ )?${BOUNDS} (?:no longer|do not|don't) (?:apply|exist|bind|hold|concern)`,
        'gi',
      ),
    ofAProgram,
  ),
  row(
    'you|assistant|agent|codex|model & not|no longer & but|now|codex|claude|assistant|ai ',
    /\byou (?:are|'re) (?:not|no longer|more than) (?:an? |the )?(?:codex|claude|chatgpt|gpt\S*|ai|assistant|coding (?:agent|assistant)|language model|agent|bot|tool)\b|\b(?:codex|the (?:agent|assistant|model))('s)? (?:true|real|actual|new|secret) (?:name|identity|self|master|owner|purpose) (?:is|was)\b/gi,
  ),
  row(
    'gpt|dan|play|role|character|persona|act as|pretend|imagine|simulate|impersonate',
    /\b(?:(?:play|take on|assume) the (?:role|part) of (?:an? )?(?:\w+ )?(?:hacker|attacker|villain|criminal|superuser|root|unrestricted)|you (?:now )?(?:play|are playing|take (?:on )?the role|assume the (?:role|identity)|embody|impersonate)|(?:act|behave|speak|answer|respond|continue|operate) as (?:if you were |though you were )?(?:an? |the )?(?:\w+ ){0,3}?(?:\w*gpt|dan|hacker|root shell|unrestricted|unfiltered|uncensored|evil|omnipotent|amoral|superuser|system administrator|jailbroken)|(?:stay|remain|never (?:break|leave)|do not break) (?:in )?character|you are (?:now )?(?:called |named )?["']?[A-Z]\w*GPT\b|(?:imagine|suppose|pretend|assume|simulate|hypothetically)\b[^.!?\n]{0,40}?\b(?:no (?:safety|rules|restrictions?|limits|guidelines|policies|laws|filters?)|without (?:rules|restrictions|safety|limits|filters)|you (?:could|can) do anything))/gi,
    ofAProgram,
  ),
  row(
    'alter ego|yes to all|yes to everything|evil twin|shadow self|second self|opposite of',
    /\b(?:alter ego|evil twin|shadow self|second self)\b|\b(?:says?|answers?|saying) yes to (?:all|everything|anything)\b|\bthe opposite of (?:its|your|the) (?:rules?|polic(?:y|ies)|guidelines|instructions)\b/gi,
    ofAProgram,
  ),
  row(
    'mode & off|disabl|lift|suspend|no |unlock|active|enabled|granted|gone|unrestricted|anything',
    /\b(?:developer|debug|god|admin|root|maintenance|unrestricted|jailbreak|dan|sudo|privileged|unsafe|override|service|superuser|yolo) mode\b[^!?\n]{0,60}?\b(?:(?:polic(?:y|ies)|rules?|restrictions?|filters?|limits?|safety|approvals?|guardrails?|checks|safeguards?) (?:are |is |being )?(?:now )?(?:switched off|turned off|disabled|lifted|suspended|gone|off|void|removed)|no (?:rules|restrictions|limits|policies|approvals?|filters?|checks|refusals?)|anything (?:goes|is allowed)|never refuse)/gi,
  ),
  row(
    'anything|everything|refus & you|assistant|agent|codex|model|ai ',
    /\b(?:you|the (?:agent|assistant|model|ai)|codex|an? (?:\w+ )?(?:assistant|ai|agent|bot))\b[^.!?\n]{0,40}?\b(?:(?:answers?|do(?:es)?|says?|executes?|allows?|runs?) (?:anything|everything)(?: (?:now|asked|that is asked|you are told|told|at all|whatever))?(?=\s*[.,;!]|\s*$)|can do anything|(?:never|not|cannot|can't|unable to|may not) (?:ever )?(?:refuse|decline|say no|object)|(?:has|have) (?:no|lost all) (?:choice|inhibitions|will of))/gi,
    (hit, before, after) =>
      /\b(?:test|lint|dry[- ]run|sandbox|read-only|approval)\b/i.test(
        `${clauseBefore(before)} ${hit} ${after.slice(0, 40)}`,
      ),
  ),
];

/** Gives the model another self, one that nothing binds. */
export const playsAPersona = (text: string): string | undefined => firstHit(text, PERSONAS);
