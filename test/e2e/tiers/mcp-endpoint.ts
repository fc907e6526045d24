import type { ServerResponse } from 'node:http';
import { type Listening, listen } from '../../lab/listen.ts';

/** An endpoint for pages of any origin: answers calls at length, and holds event streams open until it is told. */
export interface McpEndpoint extends Pick<Listening, 'close'> {
  readonly url: string;
  /** Answers with JSON that is nobody's business, whatever follows. */
  readonly dataUrl: string;
  /** Shows an empty page, whatever follows. */
  readonly pageUrl: string;
  /** Sends a last event on every open stream, and ends it. */
  endStreams(): void;
}

/** How long its answers to calls are, UTF-16 code units. */
export const longAnswer = 20_000;

export async function startMcpEndpoint(): Promise<McpEndpoint> {
  const streams = new Set<ServerResponse>();
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
  const { origin, close } = await listen(() => (request, response) => {
    if (request.method === 'OPTIONS') response.writeHead(204, cors).end();
    else if (request.url?.startsWith('/data'))
      response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end('{"rows":[1,2,3]}');
    else if (request.url?.startsWith('/page')) response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    else if (request.method === 'GET') {
      response.writeHead(200, { ...cors, 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
      streams.add(response);
    } else {
      const text = 'x'.repeat(longAnswer);
      const answer = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } };
      response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  });
  return {
    url: `${origin}/mcp`,
    dataUrl: `${origin}/data`,
    pageUrl: `${origin}/page`,
    endStreams() {
      for (const stream of streams) stream.end('data: {"jsonrpc":"2.0","method":"notifications/last"}\n\n');
      streams.clear();
    },
    close,
  };
}
