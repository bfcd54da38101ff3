/**
 * The user's own sentences in a message: what was pasted, quoted or written in code is taken away
 * first, because a rule found in a log or a README is not a wish of the person at the keyboard.
 */
export interface Sentence {
  /** As the user wrote it, on one line. */
  text: string;
  /** For matching: lower case, quotations and code with several words masked, apostrophes straight. */
  plain: string;
  /** It is one point of a list. */
  listed: boolean;
  /** The line that announces the list or block this sentence stands in (`…:`), lower case; otherwise empty. */
  header: string;
  /** The sentence before it in the same message, as written; otherwise empty. */
  before: string;
  /** The message is nothing but this sentence. */
  alone: boolean;
  /** A clause that goes on with what stands before it, so that only both together can be understood. */
  goesOn?: boolean;
}

const WRITING_ORDER =
  /^(?:(?:ok|now|then|please|pls|can you|could you)[\s,]+)*(?:write|generate|draft|compose|create|prepare|translate|proofread|rewrite|rephrase|summari[sz]e)\b.{0,60}\b(?:guide|guidelines?|prompt|documentation|readme|polic(?:y|ies)|rules|paragraph|text|e-?mail|post|article|template|checklist|agents\.md|claude\.md|contributing\S*|handbook|announcement|message|spec|stor(?:y|ies))\b|(?:写|起草|翻译|生成).{0,8}(?:规范|文档|指南|提示词|说明|邮件|公告|文案|规则|模板|文章|readme)/iu;

/** Longer paragraphs are documents, not remarks. */
const MAX_PARAGRAPH = 2_000;
/** Longer sentences are prose about something, not rules. */
const MAX_SENTENCE = 400;
const LEAD_IN = /^.{3,160}?[:：](?=\s)/u;

export function ownSentences(message: string): Sentence[] {
  const sentences: Sentence[] = [];
  let before = '';
  for (const line of joinedLines(withoutPastes(message))) {
    let { header } = line;
    for (const text of splitLine(line.text)) {
      const plain = plainOf(text);
      const lead = LEAD_IN.exec(plain)?.[0];
      if (lead !== undefined && !line.listed) header = line.header;
      if (text.length <= MAX_SENTENCE)
        sentences.push({ text, plain, listed: line.listed, header, before, alone: false });
      // What follows an order to write a text is that text, or about it.
      if (WRITING_ORDER.test(text)) return sentences;
      before = text;
      // "It should say: A. B." – what the colon announces goes on behind the next full stop.
      header = lead ?? header;
    }
  }
  const [only] = sentences;
  return only && sentences.length === 1 && before === only.text ? [{ ...only, alone: true }] : sentences;
}

function withoutPastes(message: string): string {
  const unfenced = message
    .replaceAll(/^[ \t]*(```|~~~)[\s\S]*?(?:^[ \t]*\1[^\n]*$|$(?![\s\S]))/gmu, '\n')
    .replaceAll(/<([a-z][\w-]*)(?:\s[^>]*)?>[\s\S]*?<\/\1>/giu, '\n');
  const paragraphs = unfenced.split(/\n\s*\n/u).filter((paragraph) => paragraph.length <= MAX_PARAGRAPH);
  const kept: string[] = [];
  for (const paragraph of paragraphs) {
    if (isTechnical(paragraph)) continue;
    const cut = paragraph.search(PASTE_HEADER);
    kept.push(cut === -1 ? paragraph : paragraph.slice(0, cut));
    if (PASTE_BELOW.test(paragraph)) break;
  }
  return kept.join('\n\n');
}

/** "Here is the log:" and the like: what follows in this paragraph is somebody else's text. */
const PASTE_HEADER =
  /^[^\n]*\b(?:logs?|outputs?|errors?|traceback|stack ?trace|readme|e-?mail|ticket|issue|spec|docs?|documentation|guidelines?|article|message|quote|comments?|slack|prompt|snippet|contents?|file|says|said|wrote|reads|transcript|changelog|policy)\b[^\n:]{0,40}[:：]\s*$|^[^\n]*(?:日志|输出|报错|错误信息|文档|邮件|工单|需求文档|原文|内容|提示词|ログ|エラー|出力)[^\n:：]{0,15}[:：]\s*$/imu;
const PASTE_BELOW =
  /\b(?:pasted?|below|following|here(?:'s| is| are))\b[^\n]*\b(?:logs?|outputs?|errors?|traceback|trace|readme|e-?mail|ticket|issue|spec|docs?|guidelines?|article|message|comments?|prompt|contents?|file|transcript)\b[^\n]{0,40}[:：]\s*$|(?:以下是|下面是|如下)[^\n]*[:：]?\s*$/imu;

const TECHNICAL_LINE =
  /^(?:\s{4,}\S|\t|[+-]{1,3}\s?[\w{}("'#/@]*[({;=]|@@ |diff --git|\s*at \S+ ?\(|\s*File "|Traceback|\$ |# |> |>>> |\d{4}-\d\d-\d\d[T ]\d\d:|\[?\d\d:\d\d:\d\d|\[?(?:ERROR|WARN|INFO|DEBUG|FATAL)\b|error(?:\[\w+\])?:|warning:|npm (?:ERR|error|warn)|\s*[{}[\]();]+[,;]?\s*$|\s*"[\w-]+":|import |from \S+ import|const |let |var |function |def |class |public |private |return |#include|\/\/|\/\*|\s*\* )/u;

/** A log, a diff, a stack trace or code without a fence. */
function isTechnical(paragraph: string): boolean {
  const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
  const technical = lines.filter((line) => TECHNICAL_LINE.test(line) && !LIST_POINT.test(line)).length;
  return lines.length >= 2 && technical * 2 >= lines.length;
}

const LIST_POINT = /^\s*(?:[-*•·]|\d{1,2}[.)、])\s*(?![-\d])/u;

interface UserLine {
  text: string;
  listed: boolean;
  header: string;
}

/** Lines as meant: quotations gone, wrapped lines joined, list points told from text. */
function joinedLines(text: string): UserLine[] {
  const lines: UserLine[] = [];
  let header = '';
  /** The line before this one is the user's and not empty. */
  let open = false;
  for (const raw of text.split(/\r?\n/u)) {
    const line = raw.trim();
    // A list may stand one empty line below its header; its points end it.
    if (line === '' && lines.at(-1)?.listed === true) header = '';
    const previous = open ? lines.at(-1) : undefined;
    open = isOwn(raw);
    if (!open) continue;
    const listed = LIST_POINT.test(raw);
    if (previous && !listed && goesOn(previous.text, line)) previous.text += ` ${line}`;
    else lines.push({ text: line.replace(LIST_POINT, '').replace(/^#+\s+/u, ''), listed, header });
    if (/[:：]$/u.test(line)) header = line.toLowerCase();
  }
  return lines;
}

/** Neither empty nor a quotation, a log or code. */
const isOwn = (raw: string): boolean =>
  raw.trim() !== '' && !isQuoted(raw.trim()) && (LIST_POINT.test(raw) || !TECHNICAL_LINE.test(raw));

const isQuoted = (line: string): boolean => /^(?:>|\$ |\||#+ ?[!/])/u.test(line);

/** A line that was wrapped: no full stop before, no capital after. */
const goesOn = (before: string, after: string): boolean =>
  /^[\p{Ll}\d("'`]/u.test(after) && !/[.!?:。！？：;；]$/u.test(before);

const ABBREVIATION = /\b(?:e\.g|i\.e|etc|vs|approx|no|fig|cf|resp)\.$/iu;

/** "Don't touch it. Ever." is one sentence. */
const AFTERTHOUGHT =
  /^(?:ever|never|always|period|full stop|no exceptions?|at all|under (?:any|no) circumstances|please)[.!]*$/iu;

function splitLine(line: string): string[] {
  const parts = line.split(/(?<=[.!?;])\s+|(?<=[。！？；])\s*/u);
  const sentences: string[] = [];
  for (const part of parts) {
    const last = sentences.at(-1);
    if (last !== undefined && (ABBREVIATION.test(last) || AFTERTHOUGHT.test(part)))
      sentences[sentences.length - 1] = `${last} ${part}`;
    else sentences.push(part);
  }
  return sentences.map((sentence) => sentence.replaceAll(/\s+/gu, ' ').trim()).filter((sentence) => sentence !== '');
}

/** For matching. What stands in quotation marks is a label, a text to write or somebody's words. */
export function plainOf(text: string): string {
  return text
    .replaceAll(/[\u2018\u2019]/gu, "'")
    .replaceAll(/`([^`]*)`/gu, (_, code: string) => (/\s/u.test(code.trim()) || /[(){}=;]/u.test(code) ? 'CODE' : code))
    .replaceAll(/"[^"]*"|“[^”]*”|«[^»]*»|「[^」]*」|『[^』]*』/gu, (quote) =>
      /^.[\w./@-]+.$/u.test(quote) && !MARKER.test(quote) ? quote.slice(1, -1) : 'QUOTE',
    )
    .replaceAll(/(?<=^|[\s(])'[^']{3,}'(?=[\s.,;:!?)]|$)/gu, (quote) =>
      /^'[\w./@-]+'$/u.test(quote) && !MARKER.test(quote) ? quote.slice(1, -1) : 'QUOTE',
    )
    .toLowerCase()
    .replaceAll(/\b(do|does|did|is|are|was|has|have|wo|ca|should|would|could)nt\b/gu, "$1n't")
    .replaceAll(/\bim(?= )/gu, "i'm")
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Of the same length, with everything in quotation marks or backticks crossed out: no clause begins in there. */
export const crossedOut = (text: string): string =>
  text.replaceAll(/`[^`]*`|"[^"]*"|“[^”]*”|「[^」]*」|\([^)]*\)|（[^）]*）/gu, (quote) => 'x'.repeat(quote.length));

const MARKER = /always|never|remember|prefer/iu;
