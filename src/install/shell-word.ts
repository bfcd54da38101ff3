/** One word of a POSIX shell, whatever is in it. A single quote is written without a backslash: fish reads those otherwise. */
export const shellWord = (word: string): string => `'${word.replaceAll("'", `'"'"'`)}'`;

/**
 * One word of cmd.exe. File names there have no quotes; a % outside of them, behind a caret, begins
 * no variable.
 */
export const cmdWord = (word: string): string => `"${word.replaceAll('%', '"^%"')}"`;
