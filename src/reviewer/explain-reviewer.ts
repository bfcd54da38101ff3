import { activeProfile, profileFor } from '../config/active-profile.ts';
import type { Configuration, Source } from '../config/read-settings.ts';
import type { ShownValue } from '../config/show-settings.ts';
import { withoutSecrets } from '../config/show-settings.ts';
import { dotted, written } from '../config/written-names.ts';
import type { Environment } from '../kernel/home.ts';
import { reviewerName } from './choose-reviewer.ts';
import type { ModelProviderName, ReviewerSettings, Said } from './reviewer-settings.ts';
import { MODEL_PROVIDERS, REVIEWER_DEFAULTS, wordsFor } from './reviewer-settings.ts';

/** Who reviews the sessions of the installed hook, in the end; never a key. */
export interface ReviewerExplanation {
  values: ShownValue[];
  /** Variable that the key is read from, and whether there is one; null where none is needed. */
  key: { variable: string; set: boolean } | null;
}

/** The reviewer that the hook would ask, with the source of each of its settings. */
export function explainReviewer(configuration: Configuration, env: Environment): ReviewerExplanation {
  const { settings } = configuration;
  const name = reviewerName({ env, profile: activeProfile(settings)?.provider, asked: 'hook' });
  const said = profileFor(settings, name);
  const sourceOf = profileSource(configuration);
  const provider = shown('provider', name, whoNamed(configuration, env));
  if (!isModelProvider(name)) {
    const others = Object.entries(said).map(([key, value]) => shown(written(key), value, sourceOf(key)));
    return { values: [provider, ...others], key: null };
  }
  const variable = said.apiKeyEnv ?? MODEL_PROVIDERS[name].keyVariable;
  return {
    values: [provider, ...modelValues({ name, said, env, sourceOf })],
    key: { variable, set: (env[variable] ?? '').trim() !== '' },
  };
}

type SourceOf = (key: string) => Source;

const profileSource =
  ({ settings, sources }: Configuration): SourceOf =>
  (key) =>
    sources.get(dotted(['profiles', settings.activeProfile ?? '', written(key)])) ?? { kind: 'default' };

function whoNamed(configuration: Configuration, env: Environment): Source {
  const variable = 'CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER';
  if (env[variable]?.trim()) return { kind: 'environment', variable };
  return profileSource(configuration)('provider');
}

interface AskedModel {
  name: ModelProviderName;
  said: ReviewerSettings;
  env: Environment;
  sourceOf: SourceOf;
}

function modelValues({ name, said, env, sourceOf }: AskedModel): ShownValue[] {
  const provider = MODEL_PROVIDERS[name];
  const words = wordsFor(name, env, said);
  const url = provider.defaultUrl(env);
  const from = (key: string, word: Said<unknown> | undefined, fallback: unknown): ShownValue => {
    if (!word) return shown(written(key), fallback, { kind: 'default' });
    const source: Source = word.variable ? { kind: 'environment', variable: word.variable } : sourceOf(key);
    return shown(written(key), word.value, source);
  };
  const plain = (key: 'maxTokens' | 'maxRetries' | 'retryBackoff'): ShownValue =>
    from(key, said[key] === undefined ? undefined : { value: said[key] }, REVIEWER_DEFAULTS[key]);
  return [
    from('model', words.model, provider.defaultModel),
    from('baseUrl', words.baseUrl, url.ok ? url.value : null),
    from('timeoutSeconds', words.timeoutSeconds, REVIEWER_DEFAULTS.timeoutSeconds),
    plain('maxTokens'),
    plain('maxRetries'),
    plain('retryBackoff'),
  ];
}

const shown = (key: string, value: unknown, source: Source): ShownValue => ({
  key: `reviewer.${key}`,
  value: withoutSecrets(value),
  source,
});

const isModelProvider = (name: string): name is ModelProviderName => Object.hasOwn(MODEL_PROVIDERS, name);
