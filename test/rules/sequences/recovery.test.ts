import { describe, test } from 'vitest';
import { SERVER, type Traffic, traffic } from '../../traffic/traffic.ts';
import { expectRow } from './row.ts';

const FORCED = 'offline-access-forced-consent';
const SILENT = 'sep-2702-silent-refresh';
const RETRY = 'sep-2702-retry-original';
const SINGLE = 'sep-2702-single-refresh';
const SURFACED = 'sep-2702-401-surfaced-to-model';
const REAUTH = 'sep-2702-needs-reauth';
const OTHER_ERROR = 'sep-2702-no-refresh-on-other-error';
const VIA_REFRESH = 'step-up-via-refresh';
const FLIGHT = 'refresh-single-flight';
const TRANSIENT = 'refresh-5xx-not-reauth';
const REQUESTED = 'sep-2207-offline-access-requested';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const BARE = 'Bearer';
const RENEWED = { scope: 'r offline_access', prompt: 'consent' } as const;

/** Discovery and sign-in that leave nothing to find fault with; rt1 in the token response. */
function signedIn(): Traffic {
  return discovered()
    .az(RENEWED)
    .tk({ scope: 'r offline_access', refresh: 'refresh-token-one-0001' })
    .call('tools/list');
}

function discovered(): Traffic {
  return traffic()
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r', 'offline_access'] })
    .reg();
}

/** Signed in, the model has asked for `search`, and the token has run out. */
function asked(): Traffic {
  return signedIn().wait(HOUR).ask('search', 'call_1');
}

const dead = { status: 400, error: 'invalid_grant' } as const;

describe('A.3.5: 401 invalid_token', () => {
  test('H1 M[t] 401(it) · RF(rt1) 200 · M[t′] same op 200 · LLM(id,ok)', () => {
    const plain = asked().expired().rf().call().tell('call_1', 'done');
    const withDiscovery = asked()
      .expired()
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r', 'offline_access'] })
      .rf()
      .call()
      .tell('call_1', 'done');
    for (const log of [plain, withDiscovery]) {
      expectRow(log, {
        [SILENT]: 'pass',
        [RETRY]: 'pass',
        [SINGLE]: 'pass',
        [SURFACED]: 'pass',
        [OTHER_ERROR]: 'pass',
        [FLIGHT]: 'pass',
      });
    }
  });

  test('H2 M[t] 401(it) · LLM(toolu_1,is_error,"Unauthorized")', () => {
    const log = signedIn()
      .wait(HOUR)
      .askClaude('search', 'toolu_1')
      .expired()
      .tellClaude('toolu_1', 'Unauthorized')
      .as('LLM');
    expectRow(log, { [SURFACED]: 'warning at LLM', [SILENT]: 'n/a' });
  });

  test('H3 M[t] 401(it) · AZ 3 s later', () => {
    const log = signedIn()
      .wait(HOUR)
      .expired()
      .az({ ...RENEWED, after: 3000 })
      .as('AZ');
    expectRow(log, { [SILENT]: 'warning at AZ', [SURFACED]: 'n/a', [FORCED]: ['pass', 'note at AZ'] });
  });

  test('H4 TK{no RT} · M[t] 401(it) · AZ', () => {
    const log = discovered()
      .az({ scope: 'r' })
      .as('AZ1')
      .tk({ scope: 'r' })
      .call('tools/list')
      .wait(HOUR)
      .expired()
      .az({ scope: 'r' })
      .as('AZ2');
    // A.1 row O3 speaks instead; the renewed request is provisional.
    expectRow(log, { [SILENT]: 'n/a', [SURFACED]: 'n/a', [REQUESTED]: ['warning at AZ1', 'note at AZ2'] });
  });

  test('H5 TK unseen · M[t] 401(it) · AZ', () => {
    const token = 'access-token-from-before';
    const log = traffic()
      .asm({ scopes: ['r', 'offline_access'] })
      .call('tools/list', { token })
      .expired('search', { token })
      .az(RENEWED);
    expectRow(log, { [SILENT]: 'open', [SURFACED]: 'n/a' });
  });

  test('H6 M (no Authorization) 401(it) · AZ', () => {
    const log = traffic()
      .expired('tools/list', { token: null })
      .asm({ scopes: ['r', 'offline_access'] })
      .reg()
      .az(RENEWED);
    expectRow(log, {
      [SILENT]: 'n/a',
      [SURFACED]: 'n/a',
      [RETRY]: 'n/a',
      'challenge-no-error-without-token': 'warning',
    });
  });

  test('H7 M[t] 401(it) · RF 400 invalid_grant · AZ', () => {
    const log = signedIn().wait(HOUR).expired().rf(dead).as('RF').az(RENEWED);
    expectRow(log, { [SILENT]: 'pass', [REAUTH]: 'pass at RF', [SURFACED]: 'n/a' });
  });

  test('H8 … RF 400 invalid_grant · LLM(id,err,"needs_reauth: reconnect X")', () => {
    const log = asked().expired().rf(dead).as('RF').tell('call_1', 'needs_reauth: reconnect X');
    expectRow(log, { [SILENT]: 'pass', [REAUTH]: 'pass at RF', [SURFACED]: 'n/a' });
  });

  test('H9 … RF 400 invalid_grant · LLM(id,err,"Unauthorized")', () => {
    const log = asked().expired().rf(dead).tell('call_1', 'Unauthorized').as('LLM');
    expectRow(log, { [REAUTH]: 'warning at LLM', [SURFACED]: 'n/a', [SILENT]: 'pass' });
  });

  test('H10 … RF 400 · RF(rt1) 400', () => {
    const log = signedIn().wait(HOUR).expired().rf(dead).rf(dead).as('RF2');
    expectRow(log, { [REAUTH]: 'warning at RF2', [SILENT]: 'pass', [FLIGHT]: 'pass' });
  });

  test('H11 401(it) · RF 200 · M[t′] 401(it) · AZ', () => {
    const log = signedIn().wait(HOUR).expired().as('401').rf().expired().az(RENEWED);
    expectRow(log, {
      [SILENT]: ['pass at 401', 'n/a'],
      [SINGLE]: 'pass',
      [RETRY]: 'pass',
      [FORCED]: ['pass', 'note'],
    });
  });

  test('H12 401 · RF · M[t′] 401 · RF · M[t″] 401', () => {
    const log = signedIn().wait(HOUR).expired().rf().expired().rf().as('RF2').expired();
    expectRow(log, { [SINGLE]: 'warning at RF2', [SILENT]: ['pass', 'n/a', 'n/a'] });
  });

  test('H13 3×M[t] 401 parallel · RF · 3×M[t′] 200', () => {
    const log = threeRefused().rf().call('a').call('b').call('c');
    expectRow(log, {
      [SILENT]: 'pass',
      [SINGLE]: 'pass',
      [RETRY]: ['pass', 'pass', 'pass'],
      [SURFACED]: 'pass',
      [FLIGHT]: 'pass',
    });
  });

  test('H14 3×M[t] 401 parallel · RF(rt1) ×2 overlapping', () => {
    const both = threeRefused()
      .rf({ send: 'refresh-token-one-0001' })
      .rf({ send: 'refresh-token-one-0001', after: -10 })
      .as('RF2')
      .call('a')
      .call('b')
      .call('c');
    expectRow(both, { [FLIGHT]: 'warning at RF2', [SILENT]: 'pass' });
    const refused = threeRefused()
      .rf()
      .rf({ ...dead, send: 'refresh-token-one-0001', after: -10 })
      .as('RF2')
      .call('a')
      .call('b')
      .call('c');
    expectRow(refused, { [FLIGHT]: 'warning at RF2', [SILENT]: 'pass', [REAUTH]: 'n/a' });
  });

  test('H15 M_A 401 · RF 200 · (M_B[t] started earlier) 401 · M_B[t′] 200', () => {
    const log = signedIn().wait(HOUR);
    const { token } = log;
    log.expired('a').rf().expired('b', { token, after: -130, duration: 200 }).call('a').call('b');
    expectRow(log, { [SILENT]: 'pass', [RETRY]: ['pass', 'pass'], [SINGLE]: 'pass', [FLIGHT]: 'pass' });
  });

  test('H16 M[t] 403(is:w) · RF 200 · M[t′] 403(is:w)', () => {
    const log = signedIn().forbidden('w').rf().as('RF').forbidden('w');
    expectRow(log, { [OTHER_ERROR]: 'warning at RF', [VIA_REFRESH]: 'warning at RF', [SILENT]: 'n/a' });
  });

  test('H17 M[t] 401 bare `Bearer` · RF 200 · M 200', () => {
    const log = signedIn().wait(HOUR).expired('search', { challenge: BARE }).rf().call();
    expectRow(log, {
      [SILENT]: 'pass',
      [RETRY]: 'pass',
      [OTHER_ERROR]: 'pass',
      [SURFACED]: 'pass',
      'challenge-error-on-rejected-token': 'warning',
    });
  });

  test('H18 M[t] 401 bare · AZ', () => {
    const log = signedIn().wait(HOUR).expired('search', { challenge: BARE }).az(RENEWED).as('AZ');
    expectRow(log, {
      [SILENT]: 'note at AZ',
      [SURFACED]: 'n/a',
      'challenge-error-on-rejected-token': 'warning',
      [FORCED]: ['pass', 'note at AZ'],
    });
  });

  test('H19 401(it) · RF 503 · LLM(id,err,"401")', () => {
    const log = asked().expired().rf({ status: 503 }).as('RF').tell('call_1', 'HTTP 401');
    expectRow(log, { [SILENT]: 'pass', [TRANSIENT]: 'pass at RF', [SURFACED]: 'pass' });
  });

  test('H20 401(it) · RF 503 · AZ', () => {
    const log = signedIn().wait(HOUR).expired().rf({ status: 503 }).az(RENEWED).as('AZ');
    expectRow(log, { [TRANSIENT]: 'note at AZ', [SILENT]: 'pass', [FORCED]: ['pass', 'note at AZ'] });
  });

  test('H21 RF at exp−30 s · M[t′] 200', () => {
    const log = signedIn()
      .wait(HOUR - 30_000)
      .rf()
      .as('RF')
      .call();
    expectRow(log, { [SILENT]: 'pass at RF', [FLIGHT]: 'pass at RF', [OTHER_ERROR]: 'n/a' });
  });

  test('H22 401(it) · RF 200 · (no retry) · LLM(id,err,"401")', () => {
    const log = asked().expired().as('401').rf().tell('call_1', 'HTTP 401').as('LLM');
    expectRow(log, { [RETRY]: 'warning at 401', [SURFACED]: 'warning at LLM', [SILENT]: 'pass' });
  });

  test('H23 M 200 tool text "upstream returned 401" · LLM(id,…)', () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 3,
      result: { isError: true, content: [{ type: 'text', text: 'upstream returned 401' }] },
    });
    const log = signedIn().ask('search', 'call_1').call('search', { body }).tell('call_1', 'upstream returned 401');
    expectRow(log, { [SURFACED]: 'n/a', [SILENT]: 'n/a' });
  });

  test('H24 tools/list 401(it) · RF 200 · tools/list 200', () => {
    const log = signedIn().wait(HOUR).expired('tools/list').rf().call('tools/list');
    expectRow(log, { [SILENT]: 'pass', [RETRY]: 'pass', [SINGLE]: 'pass', [SURFACED]: 'n/a' });
  });

  test('H25 GET SSE reconnect 401(it) · RF 200 · GET 200', () => {
    const log = signedIn().call('GET', { duration: HOUR }).expired('GET').rf().call('GET');
    expectRow(log, { [SILENT]: 'pass', [RETRY]: 'pass', [SINGLE]: 'pass', [SURFACED]: 'n/a' });
  });

  test('H26 OpenAI Responses `mcp_call.error` "401" ; no M in log', () => {
    const item = {
      type: 'mcp_call',
      id: 'mcp_1',
      name: 'search',
      server_label: 'x',
      arguments: '{}',
      error: 'HTTP 401',
    };
    const log = traffic()
      .model(
        { input: [{ role: 'user', content: 'please' }] },
        { output: [item] },
        'https://model.example.net/v1/responses',
      )
      .as('LLM');
    expectRow(log, { [SURFACED]: 'open at LLM', [SILENT]: 'n/a' });
  });

  test('H27 /api/chat part `output-error` "An error occurred." ; no M in log', () => {
    const part = { type: 'tool-search', toolCallId: 'call_1', state: 'output-error', errorText: 'An error occurred.' };
    const messages = [
      { role: 'user', parts: [{ type: 'text', text: 'please' }] },
      { role: 'assistant', parts: [part] },
    ];
    const log = traffic()
      .model({ id: 'chat-1', messages, trigger: 'submit-message' }, {}, 'https://app.example.org/api/chat')
      .as('LLM');
    expectRow(log, { [SURFACED]: 'open at LLM', [SILENT]: 'n/a' });
  });

  test('H28 t first used 2 s after TK · 401(it)', () => {
    const log = discovered()
      .az(RENEWED)
      .tk({ scope: 'r offline_access', refresh: 'refresh-token-one-0001' })
      .wait(2000)
      .expired();
    expectRow(log, { [SILENT]: 'n/a', [SURFACED]: 'n/a', [RETRY]: 'n/a' });
  });

  test('H29 HAR without any Authorization header · M 401(it) · AZ', () => {
    const log = discovered().az(RENEWED).tk({ scope: 'r offline_access', refresh: 'rt-1-0123456789abcdef' });
    log.call('tools/list', { token: null }).wait(HOUR).expired('search', { token: null }).as('401').az(RENEWED);
    expectRow(log, { [SILENT]: 'open at 401', [FORCED]: ['pass', 'note'] });
  });

  test('H30 Inspector `/api/fetch` 200 {status:401, headers:{www-authenticate: …it}} · `/api/fetch`(token) 200', () => {
    const log = signedIn().wait(HOUR);
    const { token } = log;
    inspectorCall(log, token, {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      body: '',
    }).as('401');
    log.rf();
    inspectorCall(log, log.token, {
      status: 200,
      headers: {},
      body: '{"jsonrpc":"2.0","id":9,"result":{"content":[]}}',
    });
    expectRow(log, { [SILENT]: 'pass at 401', [RETRY]: 'pass at 401', [SURFACED]: 'pass at 401' });
  });

  test('H31 logout · M[t] 401(it) · AZ', () => {
    const log = signedIn().wait(MINUTE).revoke().expired().az(RENEWED);
    expectRow(log, { [SILENT]: 'n/a', [SURFACED]: 'n/a', [REQUESTED]: ['pass', 'pass'] });
  });

  test('H32 401(it) · no RF in log · M[t″] 200 within 5 s', () => {
    const log = signedIn().wait(HOUR).expired().wait(4000).call('search', { token: 'access-token-of-a-worker' });
    expectRow(log, { [SILENT]: 'pass', [SURFACED]: 'pass' });
  });

  test('H33 401(it) · log ends after 2 s', () => {
    const log = signedIn().wait(HOUR).expired().as('401').raw('GET', 'https://app.example.org/style.css');
    expectRow(log, { [SILENT]: 'open at 401', [SURFACED]: 'open at 401' });
  });

  test('H34 DPoP: 401 `error="use_dpop_nonce"` · M with nonce 200', () => {
    const nonce = {
      scheme: 'DPoP',
      challenge: 'DPoP error="use_dpop_nonce"',
      headers: { 'dpop-nonce': 'n-1' },
    } as const;
    const log = signedIn().expired('search', nonce).call('search', { scheme: 'DPoP' });
    expectRow(log, { [SILENT]: 'n/a', [SURFACED]: 'n/a', [OTHER_ERROR]: 'n/a', [RETRY]: 'n/a' });
  });

  test('H35 401(it) · RF 200 · M[t′] 200 but a new tool_use id for same name+args follows in LLM', () => {
    const log = asked().expired().rf().call().ask('search', 'call_2').as('LLM').call().tell('call_2', 'done');
    expectRow(log, { [SILENT]: 'pass', [RETRY]: 'pass', [SURFACED]: ['pass', 'note at LLM'] });
  });

  test('H36 401(it) · LLM(id,err,"Unauthorized") · RF 200 (later)', () => {
    const log = asked().expired().tell('call_1', 'Unauthorized').as('LLM').rf();
    expectRow(log, { [SURFACED]: 'warning at LLM' });
  });

  test('H37 WAF 401 HTML without Bearer challenge · LLM(err)', () => {
    const page = { status: 401, body: '<html>Access denied</html>', mimeType: 'text/html' };
    const log = asked().call('search', page).tell('call_1', 'HTTP 401');
    expectRow(log, { [SURFACED]: 'n/a', [SILENT]: 'n/a' });
  });
});

/** Three calls under way with the same dead token. */
function threeRefused(): Traffic {
  return signedIn()
    .wait(HOUR)
    .expired('a', { duration: 100 })
    .expired('b', { after: -90, duration: 100 })
    .expired('c', { after: -90, duration: 100 });
}

/** A call by way of MCP Inspector's proxy: the server's answer is inside a 200. */
function inspectorCall(
  log: Traffic,
  token: string,
  answer: { readonly status: number; readonly headers: object; readonly body: string },
): Traffic {
  const message = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'search', arguments: {} } };
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
  };
  const envelope = { url: SERVER, init: { method: 'POST', headers, body: JSON.stringify(message) } };
  const body = JSON.stringify({ ok: true, statusText: '', ...answer });
  const type = { 'content-type': 'application/json' };
  return log.raw(
    'POST',
    'http://localhost:6277/api/fetch',
    { body, mimeType: 'application/json' },
    {},
    type,
    JSON.stringify(envelope),
  );
}
