/** Something about the configuration that a person should know; never with a value in it that might be a key. */
export interface Notice {
  /** As written, `review.quiet_seconds`; null for the document as a whole. */
  key: string | null;
  /** From 1; null where there is none. */
  line: number | null;
  column: number | null;
  /** A sentence without its beginning: "must be true or false". */
  problem: string;
}

/** `line 12, column 1: review.enabled must be true or false` */
export function noticeText({ key, line, column, problem }: Notice): string {
  const place = line === null ? '' : `line ${line}${column === null ? '' : `, column ${column}`}: `;
  return `${place}${key === null ? '' : `${key} `}${problem}`;
}
