import { rangeOfMember } from '../../protocol/json-range.ts';
import { isSameIssuer } from '../../story/issuers.ts';
import type { Server, ServerMetadata } from '../../story/model.ts';
import type { Evidence } from '../outcome.ts';
import { evidence } from './evidence.ts';

/** A server's metadata named one authorization server, and later another in its place. */
export interface Migration {
  /** The last document that named the old issuer. */
  readonly before: ServerMetadata;
  readonly after: ServerMetadata;
  /** Issuers that are gone. */
  readonly left: readonly string[];
}

/** The change that made `issuer` an authorization server of the server, as known at a time; null when there was none. */
export function migrationTo(server: Server, issuer: string, at: number): Migration | null {
  const documents = server.metadata.filter(
    ({ exchange, metadata }) => exchange.sent <= at && metadata.authorizationServers.length > 0,
  );
  const ordered = [...documents].sort((one, other) => one.exchange.sent - other.exchange.sent);
  const after = ordered.at(-1);
  if (!after || !names(after, issuer)) return null;
  const left = [...new Set(ordered.flatMap(({ metadata }) => metadata.authorizationServers))].filter(
    (known) => !names(after, known),
  );
  const before = ordered.findLast((document) => left.some((known) => names(document, known)));
  return before ? { before, after, left } : null;
}

function names({ metadata }: ServerMetadata, issuer: string): boolean {
  return metadata.authorizationServers.some((known) => isSameIssuer(known, issuer));
}

/** The authorization servers that a protected resource metadata document names. */
export function namedIn({ exchange, metadata }: ServerMetadata): Evidence {
  const range = rangeOfMember(exchange.response.body.text, 'authorization_servers');
  return evidence(
    exchange,
    'response.content',
    `authorization_servers: ${metadata.authorizationServers.join(' ')}`,
    range,
  );
}
