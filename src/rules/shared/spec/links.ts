import type { Revision } from '../../../protocol/mcp.ts';
import type { SpecLink } from '../../rule.ts';

/** A section of the MCP authorization specification, in the revision's own page layout. */
export function mcp(revision: Revision, section: string, page = ''): SpecLink {
  const path = page === '' ? '' : `/${page}`;
  return {
    text: `MCP ${revision}, ${section.replaceAll('-', ' ')}`,
    url: `https://modelcontextprotocol.io/specification/${revision}/basic/authorization${path}#${section}`,
  };
}

/** A section of an RFC. */
export function rfc(number: number, section: string): SpecLink {
  return {
    text: `RFC ${number} section ${section}`,
    url: `https://datatracker.ietf.org/doc/html/rfc${number}#section-${section}`,
  };
}

/** A section of the OAuth 2.1 draft that MCP builds on. */
export function oauth21(section: string): SpecLink {
  return {
    text: `OAuth 2.1 (draft 13) section ${section}`,
    url: `https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-${section}`,
  };
}

/** OpenID Connect Core 1.0, offline access (section 11). */
export const OIDC_OFFLINE_ACCESS: SpecLink = {
  text: 'OpenID Connect Core 1.0 section 11',
  url: 'https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess',
};

/** The closed draft that proposes silent refresh; no MCP revision contains it. */
export const SEP_2702: SpecLink = {
  text: 'SEP-2702 (closed draft)',
  url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2702',
};

/** The Fetch standard's CORS protocol. */
export const FETCH_CORS: SpecLink = {
  text: 'Fetch standard, CORS protocol',
  url: 'https://fetch.spec.whatwg.org/#http-cors-protocol',
};
