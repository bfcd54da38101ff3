import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { placeholderIn, type Finding } from './finding.ts';

type Rule = (typeof rules)[number];
type RuleContext = Parameters<Rule['create']>[0];
type RuleRun = ReturnType<Rule['create']>;
type Source = Parameters<NonNullable<RuleRun['file']>>[0];

/**
 * `filter-comments` lets a text switch the scanner off by a comment, and we scan texts of strangers; `gcp` reads
 * whole files by name. Both have no place here.
 */
const LEFT_OUT = /rule-(?:filter-comments|gcp)$/;

/** A rule's short name, as it appears in `[redacted:<kind>]`. */
const kindOf = (id: string): string => id.replace(/^.*secretlint-rule-/, '');

/** What a rule may ask of its host; everything but `report` is for secretlint's own command line. */
function contextFor(report: RuleContext['report']): RuleContext {
  return {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: '', messageId: String(messageId), data }),
    report,
    ignore: () => undefined,
  };
}

/** A text without a file: rules that look at names then apply to everything. */
const sourceOf = (content: string): Source => ({
  hasBOM: false,
  content,
  filePath: undefined,
  physicalFilePath: undefined,
  contentType: 'text',
  ext: '',
  getFilePath: () => undefined,
  getPhysicalFilePath: () => undefined,
  locationToRange: () => [0, 0],
  rangeToLocation: () => ({ start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }),
  positionToIndex: () => 0,
  indexToPosition: () => ({ line: 1, column: 0 }),
});

interface Prepared {
  run: RuleRun;
  kind: string;
}

let reported: Finding[] = [];
let prepared: Prepared[] | undefined;

/** The rules with their contexts; made once, because a rule prepares its patterns when it is created. */
function preparedRules(): Prepared[] {
  prepared ??= rules
    .filter(({ meta }) => !LEFT_OUT.test(meta.id))
    .map((rule) => {
      const kind = kindOf(rule.meta.id);
      const context = contextFor(({ range: [start, end] }) => reported.push({ start, end, kind }));
      return { run: rule.create(context, {}), kind };
    });
  return prepared;
}

/**
 * Secretlint's recommended rules, called directly: its core is asynchronous and made for files, the rules for text
 * are plain functions (docs/decisions/020-redaction.md). A finding that contains a placeholder is dropped: these
 * rules report whole URLs, and the secret in it is gone already.
 */
export function findBySecretlint(text: string): Finding[] {
  reported = [];
  const source = sourceOf(text);
  for (const { run } of preparedRules()) void run.file?.(source);
  return reported.filter(({ start, end }) => end > start && !placeholderIn(text.slice(start, end)));
}
