import type { IssuerDocument } from '../../../story/issuer-documents.ts';
import { isSameIssuer } from '../../../story/issuers.ts';

/** How metadata's `issuer` relates to the identifier that led to it (RFC 8414 section 3.3). */
export type IssuerMatch = 'identical' | 'slash' | 'template' | 'foreign';

/**
 * `slash`: only a slash at the end differs. `template`: a placeholder stands in the issuer, as in the shared
 * metadata of a provider with many tenants, which fills it in tenant by tenant.
 */
export function matchIdentifier({ identifier, document }: IssuerDocument): IssuerMatch {
  const { issuer } = document.metadata;
  if (issuer === identifier) return 'identical';
  if (isSameIssuer(issuer, identifier)) return 'slash';
  return isTemplate(issuer) ? 'template' : 'foreign';
}

function isTemplate(issuer: string): boolean {
  const open = issuer.indexOf('{');
  return open >= 0 && issuer.indexOf('}', open) > open + 1;
}
