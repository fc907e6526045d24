import { canonicalUrl, isWithin } from '../../../protocol/resource.ts';
import type { Server, Token } from '../../../story/model.ts';
import { oncePer } from '../../../story/once.ts';

/** The `resource` values that a token was asked for with (RFC 8707): of the request that issued it, else of its authorization request. */
export function resourcesOf({ issuedBy, grant }: Token): readonly string[] {
  const own = issuedBy?.request.resources ?? [];
  if (own.length > 0) return own;
  const exchanged = grant?.token?.request.resources ?? [];
  return exchanged.length > 0 ? exchanged : (grant?.authorization?.request.resources ?? []);
}

/** What a server is called by: its URL, as clients call it, and the `resource` of its metadata. */
export const namesOf = oncePer((server: Server): readonly string[] => {
  const named = server.metadata.flatMap(({ metadata }) => (metadata.resource === null ? [] : [metadata.resource]));
  return [...new Set([server.url, ...named])];
});

/** Whether a value (`resource`, `aud`) names a server: it is one of its names once both are normalised, or a URL above one. */
export function namesServer(value: string, server: Server): boolean {
  const names = namesOf(server);
  return (
    names.includes(value) ||
    canonicalNames(server).has(canonicalUrl(value)) ||
    names.some((name) => isWithin(name, value))
  );
}

const canonicalNames = oncePer((server: Server): ReadonlySet<string> => new Set(namesOf(server).map(canonicalUrl)));
