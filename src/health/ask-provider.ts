import type { Settings } from '../contracts/settings.ts';
import { profileFor } from '../config/active-profile.ts';
import { isHtml } from '../agents/provider-message.ts';
import { homeLayout } from '../kernel/home.ts';
import { postJson } from '../kernel/http.ts';
import type { PostJson } from '../kernel/http.ts';
import type { World } from '../kernel/world.ts';
import type { ModelProviderName } from '../reviewer/reviewer-settings.ts';
import { httpModel, MODEL_PROVIDERS } from '../reviewer/reviewer-settings.ts';
import { redact } from '../safety/redact.ts';

export interface Reached {
  reached: boolean;
  /** One sentence, redacted. */
  says: string;
}

const DEADLINE_MS = 10_000;
const LONGEST_ANSWER = 200;

const isHttp = (name: string): name is ModelProviderName => Object.hasOwn(MODEL_PROVIDERS, name);

/**
 * Asks the provider something that it must turn down: a request without content. That costs no tokens,
 * and tells a wrong key (401, 403) and a wrong address (404) from a provider that is ready (400, 422).
 */
export async function askProvider(
  world: World,
  { name, settings }: { name: string; settings: Settings },
  post: PostJson = postJson,
): Promise<Reached> {
  if (!isHttp(name)) return { reached: true, says: `${name} asks no provider over the network` };
  const source = { env: world.env, providerFile: homeLayout(world.home).providerEnvironment };
  const model = httpModel(name, source, profileFor(settings, name));
  if (!model.ok) return { reached: false, says: 'fix' in model.failure ? model.failure.fix : model.failure.reason };
  const { url, apiKey, authorization, plainHttp } = model.value;
  const { host } = new URL(url);
  const key: Record<string, string> =
    authorization === 'bearer' ? { authorization: `Bearer ${apiKey}` } : { 'x-api-key': apiKey };
  const answer = await post(url, {
    service: name,
    headers: { ...key, 'anthropic-version': '2023-06-01' },
    body: {},
    timeoutMs: DEADLINE_MS,
    signal: AbortSignal.timeout(DEADLINE_MS * 2),
    env: world.env,
    plainHttp,
  });
  if (!answer.ok) {
    const { failure } = answer;
    const why = 'detail' in failure ? failure.detail : `no answer within ${DEADLINE_MS / 1_000} s`;
    return { reached: false, says: redact(why.startsWith(host) ? why : `${host}: ${why}`) };
  }
  return judged(host, answer.value.status, answer.value.text);
}

function judged(host: string, status: number, text: string): Reached {
  // A provider that reads what it is sent says what is missing; one that has a bad day or a bad key does not.
  if (status < 300 || status === 400 || status === 422) {
    // Behind a portal or a proxy somebody else answers, with a page for people.
    if (isHtml(text)) return { reached: false, says: `${host} answers with an HTML page: is the base URL right?` };
    return { reached: true, says: `${host} answers` };
  }
  if (status === 429)
    return { reached: true, says: `${host} answers, and says that there are too many requests (429)` };
  const said = redact(text.replaceAll(/\s+/g, ' ').slice(0, 2_000)).slice(0, LONGEST_ANSWER);
  return { reached: false, says: `${status} from ${host}: ${said}` };
}
