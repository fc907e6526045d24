import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a port of the loopback interface. */
export interface Listening {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly origin: string;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1. The handler is made once the origin is known, because an issuer
 * and a protected resource must know their own address.
 *
 * @param port where to listen; 0 takes a free one
 * @throws Error when the port is taken
 */
export async function listen(handlerFor: (origin: string) => RequestListener, port = 0): Promise<Listening> {
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    handler = handlerFor(origin);
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, close };
}
