import { describe, expect, test } from 'vitest';
import { type Answer, ISSUER, PAGE, SERVER, traffic } from '../../traffic/traffic.ts';
import { expectDetails, judged, verdictOf } from '../judged.ts';
import { discovered, signedIn } from '../sessions.ts';

const RULE = 'cors-discovery-endpoints';
const PRM = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const ASM = `${ISSUER}/.well-known/oauth-authorization-server`;
const PRM_BODY = JSON.stringify({ resource: SERVER, authorization_servers: [ISSUER] });
const BLOCKED = { _error: 'net::ERR_FAILED', _resourceType: 'fetch' } as const;
const ORIGIN = { origin: PAGE } as const;
const OPEN = { 'access-control-allow-origin': '*' } as const;

/** A discovery request of the page; named `step`. */
function discovery(
  url: string,
  answer: Answer,
  extra: Readonly<Record<string, unknown>> = {},
  log = traffic().challenge(),
) {
  return log.raw('GET', url, { mimeType: 'application/json', ...answer }, extra, ORIGIN).as('step');
}

/** What the rule says of the named step. */
function atStep(log: ReturnType<typeof traffic>) {
  const found = judged(log, RULE).filter(({ evidence }) => evidence[0]?.entry === log.entry('step'));
  return { verdicts: found.map(verdictOf), outcome: found[0] };
}

describe(RULE, () => {
  test('passes endpoints that answer across origins', () => {
    const found = judged(signedIn(), RULE);
    expect(new Set(found.map(verdictOf))).toEqual(new Set(['pass']));
    expect(found.map(({ party }) => party)).toContain('server');
    expect(found.map(({ party }) => party)).toContain('authorization-server');
  });

  test('is a warning about the owner when the answer allows no origin, or another one', () => {
    const none = atStep(discovery(PRM, { body: PRM_BODY }));
    expect(none).toMatchObject({
      verdicts: ['warning'],
      outcome: { party: 'server', evidence: [{ part: 'response.status' }] },
    });
    const log = discovery(
      ASM,
      { status: 200, body: '{}', headers: { 'access-control-allow-origin': 'https://other.example' } },
      {},
      discovered(),
    );
    const other = atStep(log);
    expect(other).toMatchObject({ verdicts: ['warning'], outcome: { party: 'authorization-server' } });
    if (other.outcome)
      expectDetails(log, other.outcome, {
        part: 'response.headers.access-control-allow-origin',
        says: 'https://other.example only',
      });
  });

  test('is a warning when the preflight was refused', () => {
    const asked = {
      ...ORIGIN,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'mcp-protocol-version',
    };
    const log = traffic()
      .challenge()
      .raw('OPTIONS', PRM, { status: 405, headers: { allow: 'GET' } }, { _resourceType: 'preflight' }, asked);
    const refused = atStep(discovery(PRM, { status: 0 }, BLOCKED, log));
    expect(refused).toMatchObject({
      verdicts: ['warning'],
      outcome: { message: expect.stringContaining('preflight was refused') },
    });
    expect(refused.outcome?.evidence).toHaveLength(2);
  });

  test('is a warning when the browser blocked it while the origin was up', () => {
    const log = discovered();
    const blocked = atStep(discovery(`${ISSUER}/.well-known/openid-configuration`, { status: 0 }, BLOCKED, log));
    expect(blocked).toMatchObject({
      verdicts: ['warning'],
      outcome: { message: expect.stringContaining('most likely by CORS') },
    });
  });

  test('is open when the origin answered long before, or the request was repeated much later', () => {
    const url = `${ISSUER}/.well-known/openid-configuration`;
    const blockedAfter = (milliseconds: number) =>
      atStep(discovery(url, { status: 0 }, BLOCKED, discovered().wait(milliseconds)));
    expect(blockedAfter(55_000).verdicts).toEqual(['warning']);
    expect(blockedAfter(65_000).verdicts).toEqual(['open']);
    const repeated = (milliseconds: number) => {
      const log = discovery(PRM, { status: 0 }, { _error: 'net::ERR_ABORTED' }).wait(milliseconds);
      return atStep(log.raw('GET', PRM, { body: PRM_BODY, headers: OPEN }, {}, ORIGIN));
    };
    expect(repeated(4000).verdicts).toEqual([]);
    expect(repeated(6000).verdicts).toEqual(['open']);
  });

  test('is open when the recording does not say why there was no answer', () => {
    for (const extra of [{ _error: 'net::ERR_NAME_NOT_RESOLVED' }, { _error: 'net::ERR_ABORTED' }, BLOCKED]) {
      const unknown = atStep(discovery(PRM, { status: 0 }, extra));
      expect(unknown).toMatchObject({ verdicts: ['open'], outcome: { missing: ['failure-reason'] } });
    }
  });

  test('says nothing of a document that is not there, nor of a blocked request that was repeated', () => {
    expect(atStep(discovery(PRM, { status: 404 })).verdicts).toEqual([]);
    const log = discovery(PRM, { status: 0 }, BLOCKED).raw('GET', PRM, { body: PRM_BODY, headers: OPEN }, {}, ORIGIN);
    expect(atStep(log).verdicts).toEqual([]);
  });

  test('says nothing of the same origin, nor of an endpoint of no MCP server (guard G21)', () => {
    const own = traffic().challenge().raw('GET', PRM, { body: PRM_BODY }, {}, { origin: 'https://mcp.example.com' });
    expect(judged(own, RULE)).toEqual([]);
    expect(judged(traffic().raw('GET', ASM, { body: '{}' }, {}, ORIGIN), RULE)).toEqual([]);
  });
});
