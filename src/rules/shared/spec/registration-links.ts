import type { SpecLink } from '../../rule.ts';

/** OpenID Connect Dynamic Client Registration 1.0, client metadata (section 2). */
export const OIDC_REGISTRATION: SpecLink = {
  text: 'OpenID Connect Dynamic Client Registration 1.0 section 2',
  url: 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata',
};

/** OAuth 2.1, authorization server as an open redirector, in the draft that MCP refers to. */
export const OPEN_REDIRECTOR: SpecLink = {
  text: 'OAuth 2.1 (draft 13) section 7.12.2',
  url: 'https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-7.12.2',
};

/** The pages of the MCP authorization specification from 2026-07-28 on. */
export const REGISTRATION_PAGE = 'client-registration';
export const DISCOVERY_PAGE = 'authorization-server-discovery';
export const SECURITY_PAGE = 'security-considerations';

/** A section of the draft that defines client ID metadata documents, in the version that MCP refers to. */
export function clientDocument(section: string): SpecLink {
  return {
    text: `Client ID Metadata Document (draft 00) section ${section}`,
    url: `https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-${section}`,
  };
}
