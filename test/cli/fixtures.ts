import { s256 } from '../../src/protocol/pkce.ts';
import { type EntryParts, type SignIn, server, signIn } from '../report/hars.ts';

/** The secrets of the command line's recordings. */
export const values: SignIn = {
  code: 'c0de-Zx81_mmQ2',
  state: 'st4te-0123456789abcdef',
  verifier: 'v'.repeat(50),
  challenge: s256('v'.repeat(50)),
  access: 'acce55-opaque-token-value',
  refresh: 'refre5h-opaque-token-value',
  password: 'correct horse battery',
  user: 'alice@example.org',
  cookie: 'c00kie-Value-123456',
  session: '7a5b3c1d-9f8e-4a6b-8c2d-0e1f2a3b4c5d',
  scope: 'files:read',
};

/** A step-up that asks for the scopes given; the server had asked for `files:write`. */
export function stepUp(scopes: string): readonly EntryParts[] {
  const e = encodeURIComponent;
  return [
    ...signIn(values),
    {
      url: server,
      requestHeaders: { Authorization: `Bearer ${values.access}`, 'MCP-Protocol-Version': '2025-11-25' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'write', arguments: {} } }),
      status: 403,
      responseHeaders: { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="files:write"' },
      content: '{}',
    },
    {
      url: `https://as.example.com/authorize?response_type=code&client_id=public-client&redirect_uri=${e('https://app.example.com/callback')}&scope=${e(scopes)}&state=another-state-0123456&code_challenge=${s256('w'.repeat(50))}&code_challenge_method=S256&resource=${e(server)}`,
      status: 302,
      responseHeaders: { Location: 'https://as.example.com/login' },
    },
  ];
}
