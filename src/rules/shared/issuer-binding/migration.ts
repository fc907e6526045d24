import { rangeOfMember } from '../../../protocol/json-range.ts';
import { isSameIssuer, issuerKey } from '../../../story/issuers.ts';
import type { Server, ServerMetadata } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';
import { bySent } from '../../../story/order.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';

/** A server's metadata named one authorization server, and later another in its place. */
export interface Migration {
  /** The last document that named the old issuer. */
  readonly before: ServerMetadata;
  readonly after: ServerMetadata;
  /** Issuers that are gone. */
  readonly left: readonly string[];
}

/** Every authorization server that a server's metadata named at some time, by `issuerKey`. */
export const everNamed = oncePer(
  (server: Server): ReadonlySet<string> =>
    new Set(server.metadata.flatMap(({ metadata }) => metadata.authorizationServers.map(issuerKey))),
);

/** The most changes that are looked back on; a real server changes once. */
const MOST_CHANGES = 20;

/** A server's documents by time, without those that name the same authorization servers as the one before. */
export const changesOf = oncePer((server: Server): readonly ServerMetadata[] => {
  const ordered = server.metadata.filter(({ metadata }) => metadata.authorizationServers.length > 0).sort(bySent);
  const changes: ServerMetadata[] = [];
  let last = '';
  for (const document of ordered) {
    const list = JSON.stringify([...document.metadata.authorizationServers].sort());
    if (list !== last) changes.push(document);
    last = list;
  }
  return changes.slice(-MOST_CHANGES);
});

/** The change that made `issuer` an authorization server of the server, as known at a time; null when there was none. */
export function migrationTo(changes: readonly ServerMetadata[], issuer: string, at: number): Migration | null {
  const ordered = changes.filter(({ exchange }) => exchange.sent <= at);
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
