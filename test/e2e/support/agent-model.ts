import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What the model does with a request. */
export type Behaviour =
  | { say: string }
  /** It begins, and breaks off because no more output is allowed. */
  | { cut: string }
  | { refuse: number; message: string }
  /** Accepts and never answers. */
  | { hang: true }
  /** Begins to answer and never stops. */
  | { endless: true }
  /** Calls a tool that nobody offered, each time it is asked. */
  | { call: string };

export interface AgentRequest {
  path: string;
  authorization: string | undefined;
  /** A header of the user's own. */
  team: string | undefined;
  /** Every text that the request holds, in order. */
  text: string;
  bytes: number;
  model: string;
  tools: string[];
  /** The schema that the answer is held to. */
  hasSchema: boolean;
}

export interface AgentModel {
  baseUrl: string;
  requests: AgentRequest[];
  behave: (behaviour: (request: AgentRequest) => Behaviour) => void;
  close: () => Promise<void>;
}

const sayHello = (_request: AgentRequest): Behaviour => ({ say: 'hello' });

/** Agents repeat at once what is called an error of the server, whatever its status. */
const typeOf = (status: number): string =>
  status >= 500 ? 'server_error' : status === 401 ? 'authentication_error' : 'invalid_request_error';

/** A model on a free port of the loopback that speaks both dialects: chat completions and responses. */
export async function startAgentModel(): Promise<AgentModel> {
  const requests: AgentRequest[] = [];
  let behaviour = sayHello;
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await buffer(incoming)).toString('utf8');
    const path = new URL(incoming.url ?? '/', 'http://mock').pathname;
    if (incoming.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end('{"object":"list","data":[],"models":[]}');
      return;
    }
    const request = readRequest(path, incoming, body);
    requests.push(request);
    answer(response, behaviour(request), path.endsWith('/responses') ? asResponses : asChat);
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function readRequest(path: string, { headers }: IncomingMessage, body: string): AgentRequest {
  const json: unknown = JSON.parse(body);
  const fields = isTable(json) ? json : {};
  const tools = Array.isArray(fields['tools']) ? fields['tools'].filter(isTable) : [];
  return {
    path,
    authorization: headers.authorization,
    team: [headers['x-team']].flat()[0],
    text: textsIn(fields['messages'] ?? fields['input']).join('\n'),
    bytes: Buffer.byteLength(body),
    model: typeof fields['model'] === 'string' ? fields['model'] : '',
    tools: tools.map(({ name, type, function: called }) => String(name ?? (isTable(called) ? called['name'] : type))),
    hasSchema: body.includes('"json_schema"'),
  };
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Contents are strings in one dialect, lists of parts with a text in the other, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isTable(value) ? textsIn(value['content'] ?? value['text'] ?? []) : [];
}

/** How a dialect says the pieces of an answer. */
interface Dialect {
  begin: () => string;
  piece: (text: string) => string;
  end: (text: string, reason: 'stop' | 'length') => string;
  call: (tool: string) => string;
}

function answer(response: ServerResponse, behaviour: Behaviour, dialect: Dialect): void {
  if ('hang' in behaviour) return;
  if ('refuse' in behaviour) {
    response.writeHead(behaviour.refuse, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: behaviour.message, type: typeOf(behaviour.refuse), code: null } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(dialect.begin());
  if ('endless' in behaviour) {
    const more = setInterval(() => response.write(dialect.piece('and so on ')), 20);
    response.on('close', () => clearInterval(more));
    return;
  }
  if ('call' in behaviour) {
    response.end(dialect.call(behaviour.call));
    return;
  }
  const [text, reason] = 'cut' in behaviour ? ([behaviour.cut, 'length'] as const) : ([behaviour.say, 'stop'] as const);
  if (text !== '') response.write(dialect.piece(text));
  response.end(dialect.end(text, reason));
}

const chunk = (delta: unknown, reason: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: reason }], ...(reason ? { usage: { prompt_tokens: 1100, completion_tokens: 70, total_tokens: 1170 } } : {}) })}\n\n`;

const asChat: Dialect = {
  begin: () => chunk({ role: 'assistant', content: '' }),
  piece: (content) => chunk({ content }),
  end: (_text, reason) => `${chunk({}, reason)}data: [DONE]\n\n`,
  call: (name) =>
    `${chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: '{}' } }] })}${chunk({}, 'tool_calls')}data: [DONE]\n\n`,
};

const event = (type: string, fields: Record<string, unknown>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const spoken = (text: string): Record<string, unknown> => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

const USAGE = {
  input_tokens: 1100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 70,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 1170,
};

const completed = (item: Record<string, unknown>): string =>
  event('response.output_item.done', { output_index: 0, item }) +
  event('response.completed', {
    response: { id: 'r', object: 'response', status: 'completed', output: [item], usage: USAGE },
  });

const asResponses: Dialect = {
  begin: () =>
    event('response.created', { response: { id: 'r', object: 'response', status: 'in_progress', output: [] } }),
  piece: (delta) =>
    event('response.output_item.added', { output_index: 0, item: { ...spoken(''), content: [] } }) +
    event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta }),
  end: (text, reason) =>
    reason === 'stop'
      ? completed(spoken(text))
      : event('response.incomplete', {
          response: {
            id: 'r',
            object: 'response',
            status: 'incomplete',
            output: [],
            incomplete_details: { reason: 'max_output_tokens' },
            usage: USAGE,
          },
        }),
  call: (name) =>
    completed({ type: 'function_call', id: 'fc_1', call_id: 'call_1', status: 'completed', name, arguments: '{}' }),
};
