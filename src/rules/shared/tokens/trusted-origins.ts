import { header } from '../../../exchange/exchange.ts';
import { parseUrl, readPlace } from '../../../protocol/url.ts';
import type { Server, Story, Token } from '../../../story/model.ts';
import { callsByCredential } from './carried-tokens.ts';

/** Where a token for an MCP server may go besides the server itself. */
export interface TrustedOrigins {
  /** Origins of the authorization server: its issuer and all its endpoints. */
  readonly issuer: ReadonlySet<string>;
  /** Origins of the client: its page, its redirect URI, a proxy it uses. */
  readonly client: ReadonlySet<string>;
}

/** The origins of a token's authorization server and of the client that uses it. */
export function trustedOrigins(story: Story, { grant, issuedBy, jwt, value }: Token, server: Server): TrustedOrigins {
  const documents = story.authorizationServers.flatMap(({ issuer, metadata }) =>
    issuer === grant?.issuer || server.issuers.includes(issuer) ? metadata : [],
  );
  const endpoints = documents.flatMap(({ metadata }) => Object.values(metadata.raw).filter(isText));
  const issuer = origins([
    grant?.issuer,
    ...server.issuers,
    issuedBy?.exchange.url,
    grant?.authorization?.exchange.url,
    ...endpoints,
    jwt?.issuer,
  ]);
  const first = callsByCredential(server).get(value)?.[0];
  const exchanges = [issuedBy?.exchange, first?.exchange, grant?.callback?.exchange, server.calls[0]?.exchange];
  const client = origins([
    grant?.authorization?.request.redirectUri,
    issuedBy?.request.redirectUri,
    grant?.callback?.exchange.url,
    grant?.clientId ?? undefined,
    ...exchanges.flatMap((exchange) =>
      exchange
        ? [
            exchange.envelope?.url,
            header(exchange.request.headers, 'origin'),
            header(exchange.request.headers, 'referer'),
          ]
        : [],
    ),
  ]);
  return { issuer, client };
}

/**
 * Whether two URLs are of one site: the same host, or hosts that share all but their first labels, two
 * labels at least (an approximation of the registrable domain that errs on the side of one site).
 */
export function isSameSite(one: string, other: string): boolean {
  const first = siteOf(one);
  return first !== null && first === siteOf(other);
}

function siteOf(url: string): string | null {
  const host = parseUrl(url)?.hostname ?? '';
  if (host === '') return null;
  const labels = host.split('.');
  const isName = labels.some((label) => label !== '' && Number.isNaN(Number(label)));
  return isName ? labels.slice(-2).join('.') : host;
}

function origins(urls: readonly (string | null | undefined)[]): Set<string> {
  return new Set(urls.flatMap((url) => (typeof url === 'string' ? (readPlace(url)?.origin ?? []) : [])));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
