// @ts-check
// A model on the loopback for a Codex that must ask nobody: it answers every request with one sentence, as
// `wire_api = "responses"` expects it, and keeps what it was asked.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * @typedef {object} MockModel
 * @property {string} config config.toml for a Codex that talks to nobody else
 * @property {string[]} requests bodies, in order of arrival
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<MockModel>} */
export async function startMockModel() {
  /** @type {string[]} */
  const requests = [];
  /** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} response */
  const answer = async (incoming, response) => {
    const body = (await buffer(incoming)).toString('utf8');
    if (incoming.method === 'GET') {
      response.end('{"object":"list","data":[],"models":[]}');
      return;
    }
    requests.push(body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(spoken(requests.length));
  };
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock has no port');
  return {
    config: codexConfig(`http://127.0.0.1:${address.port}/v1`),
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @param {number} count */
function spoken(count) {
  const id = `resp_${count}`;
  const content = [{ type: 'output_text', text: 'Understood.', annotations: [] }];
  const item = { type: 'message', id: `msg_${count}`, role: 'assistant', status: 'completed', content };
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 1005,
  };
  const response = { id, object: 'response', status: 'completed', output: [item], usage };
  return [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

/**
 * config.toml for a run that talks to nobody but the model server at `baseUrl`.
 * @param {string} baseUrl
 */
export const codexConfig = (baseUrl) => `model = "gpt-5.5"
model_provider = "mock"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[model_providers.mock]
name = "mock"
base_url = "${baseUrl}"
wire_api = "responses"
env_key = "MOCK_KEY"
supports_websockets = false
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"
`;
