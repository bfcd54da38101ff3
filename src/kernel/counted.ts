/** `1 turn`, `2 turns`, `0 turns`: a count with its noun. @param many where it is not the noun with an s */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
