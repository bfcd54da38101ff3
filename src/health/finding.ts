/** How bad something is; `broken` makes `doctor` end with 1. */
export type Level = 'ok' | 'warn' | 'broken';

/** What one check found. */
export interface Finding {
  level: Level;
  /** One sentence, without a full stop. */
  says: string;
  /** What to do; absent when all is well. */
  fix?: string;
}

/** A finding with the name of its check. */
export interface NamedFinding extends Finding {
  check: string;
}

export const ok = (says: string): Finding => ({ level: 'ok', says });
export const warn = (says: string, fix: string): Finding => ({ level: 'warn', says, fix });
export const broken = (says: string, fix: string): Finding => ({ level: 'broken', says, fix });

const FROM_BAD: readonly Level[] = ['broken', 'warn', 'ok'];

/** Worst first; within a level in the order of the checks. */
export const worstFirst = (findings: readonly NamedFinding[]): NamedFinding[] =>
  FROM_BAD.flatMap((level) => findings.filter((finding) => finding.level === level));
