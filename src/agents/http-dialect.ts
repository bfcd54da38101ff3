import type { ModelAnswer, Question, TokenUse } from './ask.ts';

/** What a provider's 200 turned out to hold. */
export type Reading =
  | { kind: 'answered'; answer: ModelAnswer }
  /** The model or a filter before it declined; asking again gives the same. */
  | { kind: 'refused'; detail: string }
  /** Not the shape of this dialect, or without a word in it. */
  | { kind: 'broken'; detail: string; tokens?: TokenUse };

/** How the key is sent. */
export type Authorization = 'bearer' | 'x-api-key';

/** Everything that one kind of model has to be told about where and how it is asked. */
export interface HttpModel {
  /** As failures name it. */
  provider: string;
  /** Complete, path included. */
  url: string;
  /** The user wrote an `http:` address. */
  plainHttp: boolean;
  model: string;
  apiKey: string;
  authorization: Authorization;
  maxTokens: number;
  /** For one attempt. */
  timeoutMs: number;
  /** Attempts after the first. */
  maxRetries: number;
  /** The pause before the first retry; each further one is twice as long. */
  firstPauseMs: number;
}

/**
 * One of the languages in which models are asked over HTTP.
 *
 * Contract: pure; `read` is given whatever JSON came with a 200 and never throws.
 */
export interface HttpDialect {
  headers: Record<string, string>;
  body(question: Question, model: HttpModel): Record<string, unknown>;
  read(answer: unknown): Reading;
}

const AUTHORIZATIONS: Record<Authorization, (key: string) => Record<string, string>> = {
  bearer: (key) => ({ authorization: `Bearer ${key}` }),
  'x-api-key': (key) => ({ 'x-api-key': key }),
};

export const headersOf = (dialect: HttpDialect, model: HttpModel): Record<string, string> => ({
  ...dialect.headers,
  ...AUTHORIZATIONS[model.authorization](model.apiKey),
});
