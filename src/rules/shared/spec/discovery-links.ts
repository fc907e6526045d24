import type { SpecLink } from '../../rule.ts';

/** MCP security best practices, the page's revision of 2026-07-28. */
export function bestPractices(section: string): SpecLink {
  return {
    text: `MCP security best practices 2026-07-28, ${section.replaceAll('-', ' ')}`,
    url: `https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices#${section}`,
  };
}

/** OpenID Connect Discovery 1.0, where a provider's configuration lies (section 4). */
export const OIDC_DISCOVERY: SpecLink = {
  text: 'OpenID Connect Discovery 1.0 section 4',
  url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig',
};

/** OpenID Connect Discovery 1.0, what to check in it (section 4.3). */
export const OIDC_DISCOVERY_VALIDATION: SpecLink = {
  text: 'OpenID Connect Discovery 1.0 section 4.3',
  url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation',
};

/** Client ID metadata documents, draft 00, how an authorization server advertises them (section 5). */
export const CIMD_ADVERTISED: SpecLink = {
  text: 'OAuth Client ID Metadata Document (draft 00) section 5',
  url: 'https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-5',
};
