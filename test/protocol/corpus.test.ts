import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Exchange, header } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { bearerChallenge, parseChallenges } from '../../src/protocol/challenge.ts';
import { parseJson } from '../../src/protocol/json.ts';
import { mcpScore } from '../../src/protocol/mcp.ts';
import {
  readAuthorizationServerMetadata,
  readProtectedResourceMetadata,
  wellKnownKind,
} from '../../src/protocol/metadata.ts';
import { looksLikeModelTraffic } from '../../src/protocol/model.ts';
import { readTokenRequest, readTokenResponse } from '../../src/protocol/token.ts';
import { readTarget } from '../../src/protocol/url.ts';

const sibling = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/corpus');
const corpus = process.env.MCP_AUTH_CORPUS ?? sibling;
const folders = ['real', 'conformance'].map((name) => join(corpus, name)).filter((path) => existsSync(path));
const recordings = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.har'))
    .map((name) => join(folder, name)),
);

function exchanges(path: string): readonly Exchange[] {
  return readHar(parseJson(readFileSync(path, 'utf8'))).exchanges;
}

describe.skipIf(recordings.length === 0)('recorded traffic (set MCP_AUTH_CORPUS to its folder)', () => {
  it.each(recordings)('is understood: %s', (path) => {
    const notMcp = path.includes('neg-');
    let calls = 0;
    for (const exchange of exchanges(path)) {
      const { url, request, response } = exchange;
      expect(readTarget(url), url).not.toBeNull();
      const challenge = header(response.headers, 'www-authenticate');
      if (challenge !== null) {
        expect(parseChallenges(challenge).errors, challenge).toEqual([]);
        if (challenge.toLowerCase().startsWith('bearer')) expect(bearerChallenge(challenge)).not.toBeNull();
      }
      const kind = wellKnownKind(url);
      const ok = response.status === 200 && response.body.state === 'whole';
      if (kind === 'protected-resource' && ok)
        expect(readProtectedResourceMetadata(response.body.text), url).not.toBeNull();
      if ((kind === 'oauth-authorization-server' || kind === 'openid-configuration') && ok) {
        expect(readAuthorizationServerMetadata(response.body.text), url).not.toBeNull();
      }
      const token = readTokenRequest(request.body.text, request.body.mimeType);
      if (token !== null && ok) {
        expect(readTokenResponse(response.body.text, response.body.mimeType), url).not.toBeNull();
        if (token.scopeRange !== null) {
          expect(request.body.text.slice(...token.scopeRange)).not.toBe('');
        }
      }
      if (kind !== null || token !== null) {
        expect(mcpScore(exchange), url).toBeLessThan(3);
        expect(looksLikeModelTraffic(url, request.body.text), url).toBe(false);
      } else if (mcpScore(exchange) >= 3) calls += 1;
    }
    if (notMcp) expect(calls).toBe(0);
  });
});
