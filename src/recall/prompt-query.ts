import { queryTerms } from '../assets/recall-query.ts';

/** Why a prompt is not searched for. */
export type NoSearch = 'empty' | 'too-long' | 'slash-command' | 'shell-command' | 'code-paste' | 'too-few-words';

export type PromptReading = { query: string; followsUp: boolean } | { query: undefined; because: NoSearch };

/** A longer prompt is a paste; nobody types that much. */
const LONGEST_PROMPT = 20_000;
/** What is asked stands at the beginning or the end of a long prompt. */
const LONGEST_QUERY = 2_000;
const FEWEST_TERMS = 2;
/** A short prompt with such a word leans on what was said before. */
const SHORT_PROMPT = 160;
const LEANS_BACK =
  /\b(?:same|again|also|too|this|that|it|those|these|other|another|instead)\b|同样|同樣|一样|一樣|也|再|另|同じ|また|それ|これ|もう/i;

/** What a prompt asks of recall. Cheap for what is not asked: a pasted megabyte is measured, not read. */
export function readPrompt(prompt: string): PromptReading {
  if (prompt.length > LONGEST_PROMPT) return { query: undefined, because: 'too-long' };
  const text = prompt.trim();
  if (text === '') return { query: undefined, because: 'empty' };
  if (/^\/[\w:-]+(?:\s|$)/.test(text)) return { query: undefined, because: 'slash-command' };
  if (isShellCommand(text)) return { query: undefined, because: 'shell-command' };
  const words = withoutCode(text);
  if (words === '') return { query: undefined, because: 'code-paste' };
  const query =
    words.length <= LONGEST_QUERY ? words : `${words.slice(0, LONGEST_QUERY / 2)}\n${words.slice(-LONGEST_QUERY / 2)}`;
  const terms = queryTerms(query).filter((term) => term.counts).length;
  const followsUp = words.length <= SHORT_PROMPT && LEANS_BACK.test(words);
  if (terms < FEWEST_TERMS && !followsUp) return { query: undefined, because: 'too-few-words' };
  return { query, followsUp };
}

const COMMANDS = new Set(
  (
    'awk bash brew bun cargo cat cd chmod chown cmake cp curl deno df docker du echo env export find gcc gh git go gradle grep head ' +
    'helm java jq kill kubectl less ln ls make mkdir mv mvn node npm npx pip pip3 pnpm ps psql pwd pytest python python3 rg rm rsync ' +
    'ruby rustc scp sed sh ssh sudo tail tar terraform touch uv vim wget which yarn zsh'
  ).split(' '),
);
/** Words that people say and commands do not. */
const SPEECH =
  /[?？。！]|\b(?:a|an|the|is|are|was|were|why|what|how|when|does|did|do|can|should|fails?|failed|failing|error|please|again|about|because|that|this|with|my|our|we|you|it|and|but)\b|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/i;

/** `!ls`, `$ npm test`, or one line that only a shell would understand. */
function isShellCommand(text: string): boolean {
  if (text.startsWith('!')) return true;
  if (text.includes('\n')) return text.split('\n').every((line) => /^\s*[$>] /.test(line));
  if (/^[$>] \S/.test(text)) return true;
  const [program = ''] = text.split(/\s+/, 1);
  return COMMANDS.has(program) && !SPEECH.test(text);
}

/** The words around pasted code: fenced blocks, and runs of lines that read as code, logs or data. */
function withoutCode(text: string): string {
  const unfenced = text.replaceAll(/```[\s\S]*?(?:```|$)/g, '\n');
  const lines = unfenced.split('\n');
  if (lines.length < MOST_STRAY_LINES) return unfenced.trim();
  const code = lines.filter(isCodeLine).length;
  if (code < MOST_STRAY_LINES) return unfenced.trim();
  return lines
    .filter((line) => !isCodeLine(line))
    .join('\n')
    .trim();
}

/** Fewer lines of code than that are quoted in passing, and their names are what is asked for. */
const MOST_STRAY_LINES = 4;

const isCodeLine = (line: string): boolean =>
  /[{};]\s*$|^\s*(?:[})\]]|\/\/|#include|@@|\+\+\+|---|diff |import .+from|from .+ import|const |let |var |function |def |class |return |at .+:\d+|File "|\d+\s*[|:])|=>|<\/\w+>|^(?: {2,}|\t)\S/.test(
    line,
  ) || /^\s*["'[{<].*[\]}>,"']\s*$/.test(line);
