import { redactWith, type Finder } from './finding.ts';
import { findAssignments, findSpokenSecrets } from './find-assignments.ts';
import { findCommandPasswords } from './find-command-passwords.ts';
import { findHeaders, findQuerySecrets, findUrlPasswords, findWebhooks } from './find-credentials.ts';
import { findPrivateKeys, findPuttyKeys } from './find-private-keys.ts';
import { findAzureKeys, findJsonWebTokens, findTokens } from './find-tokens.ts';

/** The rules without a dependency, in the order in which they name a kind. */
export const BUILTIN_FINDERS: readonly Finder[] = [
  findTokens,
  findJsonWebTokens,
  findAzureKeys,
  findPrivateKeys,
  findPuttyKeys,
  findWebhooks,
  findUrlPasswords,
  findQuerySecrets,
  findHeaders,
  findCommandPasswords,
  findAssignments,
  findSpokenSecrets,
];

/**
 * Replaces secrets by `[redacted:<kind>]` with the small rules that hooks can afford: recognisable tokens, private
 * keys, URL passwords, headers, command lines and assignments whose name says so.
 *
 * Repeating it changes nothing. Time grows with the length of the text, whatever the text is.
 */
export const redactBuiltin = (text: string): string => redactWith(text, [BUILTIN_FINDERS]);
