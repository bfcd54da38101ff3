/** Right before an answer. */
const END_BEFORE_OBJECT = /<\/think(?:ing)?>\s*(?:```\w*\s*)?(?=\{)/gi;
const END = /<\/think(?:ing)?>/i;

/**
 * The answer of a model without what it thought aloud before: that is not what it says. Templates of chats may put the
 * opening mark into the prompt, so that only the closing one comes; and an answer may speak of such marks.
 */
export function withoutThoughts(text: string): string {
  const answer = text.trim();
  if (/^(?:\{|```)/.test(answer)) return answer;
  const last = Array.from(answer.matchAll(END_BEFORE_OBJECT)).at(-1);
  if (last) return answer.slice(last.index + last[0].length);
  const end = END.exec(answer);
  return end ? answer.slice(end.index + end[0].length).trim() : answer;
}
