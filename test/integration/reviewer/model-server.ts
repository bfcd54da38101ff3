import http from 'node:http';
import { onTestFinished } from 'vitest';

/** One request as the server got it. */
export interface Received {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: unknown;
}

/** What the server does with the next request. */
export type Step = (response: http.ServerResponse) => void;

export const json =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Step =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const html = (status: number, title: string): Step =>
  json(status, `<!doctype html><html><head><title>${title}</title></head><body></body></html>`, {
    'content-type': 'text/html',
  });

/** Takes the request and never says a word. */
export const hang: Step = () => undefined;

/** Begins to answer, and never ends. */
export const hangInBody: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"choices": [');
};

/** Promises more than it sends, and hangs up. */
export const hangUp: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
  response.write('{"choices": [');
  setImmediate(() => response.destroy());
};

/** Sends without end, until the client has had enough. */
export const flood: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(64_000)));
  };
  response.on('drain', more);
  more();
};

export interface ModelServer {
  /** Address without a path. */
  url: string;
  received: Received[];
  /** Connections that are open now. */
  connections(): Promise<number>;
}

/** A server on loopback that answers by script (the last step repeats); it ends with the test. */
export async function modelServer(...script: Step[]): Promise<ModelServer> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      script[Math.min(received.length, script.length) - 1]?.(response);
    });
  });
  const url = await listen(server);
  return {
    url,
    received,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
  };
}

/** Starts a server on a free port of loopback and ends it, with all its connections, when the test ends. */
export async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}
