import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as v from 'valibot';
import { ModelRequest } from './model-request.ts';

/** One output of the model: a sentence, or a call of one of Codex's tools. */
export type Output =
  | { say: string }
  | { shell: string }
  | { call: { name: string; namespace?: string; arguments: Record<string, unknown> } };

/**
 * Decides what the model answers; undefined is a plain sentence. `count` is the number of this
 * request, from 1. A promise lets one agent wait for what another one asks.
 */
export type Script = (request: ModelRequest, count: number) => Output | undefined | Promise<Output | undefined>;

export interface ModelServer {
  baseUrl: string;
  /** Every request that reached the model, in order of arrival. */
  requests: ModelRequest[];
  /** Requests that were none: another path, or a body of another shape. Empty in a sound run. */
  strangers: string[];
  follow: (script: Script) => void;
  close: () => Promise<void>;
}

const noScript: Script = () => undefined;

/** Answers in this order, then with plain sentences. For sessions with one agent only. */
export function inOrder(...outputs: Output[]): Script {
  const waiting = [...outputs];
  return () => waiting.shift();
}

/** A Responses API on a free port of the loopback: it records what it is asked and answers as scripted. */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const strangers: string[] = [];
  let script = noScript;

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const path = new URL(incoming.url ?? '/', 'http://mock').pathname;
    if (incoming.method === 'GET' && path.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [], models: [] }));
      return;
    }
    const request = path.endsWith('/responses') ? v.safeParse(RequestBody, body.toString('utf8')) : undefined;
    if (request?.success !== true) {
      strangers.push(`${incoming.method} ${incoming.url}`);
      response.statusCode = 404;
      response.end('{}');
      return;
    }
    const count = requests.push(request.output);
    const output = await script(request.output, count);
    stream(response, count, output ?? { say: `Answer ${count} of the mock.` });
  };

  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mock has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    strangers,
    follow: (next) => {
      script = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const RequestBody = v.pipe(v.string(), v.parseJson(), ModelRequest);

/** Server-sent events of one response with one output, as `wire_api = "responses"` expects them. */
function stream(response: ServerResponse, count: number, output: Output): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let sequence = 0;
  const send = (type: string, fields: Record<string, unknown>): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`);
  };
  const id = `resp_${count}`;
  const item = outputItem(output, count);
  send('response.created', { response: { id, object: 'response', status: 'in_progress', output: [] } });
  send('response.output_item.added', { output_index: 0, item: 'say' in output ? { ...item, content: [] } : item });
  if ('say' in output) {
    send('response.output_text.delta', { item_id: item['id'], output_index: 0, content_index: 0, delta: output.say });
  }
  send('response.output_item.done', { output_index: 0, item });
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 1010,
  };
  send('response.completed', { response: { id, object: 'response', status: 'completed', output: [item], usage } });
  response.end();
}

function outputItem(output: Output, count: number): Record<string, unknown> {
  if ('say' in output) {
    const content = [{ type: 'output_text', text: output.say, annotations: [] }];
    return { type: 'message', id: `msg_${count}`, role: 'assistant', status: 'completed', content };
  }
  const call =
    'shell' in output ? { name: 'exec_command', arguments: { cmd: output.shell, yield_time_ms: 10_000 } } : output.call;
  return {
    type: 'function_call',
    id: `fc_${count}`,
    call_id: `call_${count}`,
    status: 'completed',
    ...call,
    arguments: JSON.stringify(call.arguments),
  };
}
