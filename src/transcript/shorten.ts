/**
 * Keeps the beginning and the end of a long text and says how much is missing between them.
 * @param head characters kept at the beginning
 * @param tail characters kept at the end (errors stand at the end)
 */
export function shorten(text: string, head: number, tail: number): string {
  if (text.length <= head + tail) return text;
  const start = wholeCharacters(text.slice(0, head));
  const end = tail > 0 ? text.slice(-tail) : '';
  return `${start}\n[… ${text.length - head - tail} characters left out …]\n${loneLowSurrogate(end) ? end.slice(1) : end}`;
}

/** Half an emoji is no text. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

function loneLowSurrogate(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff;
}
