import { describe, test } from 'vitest';
import { jwt, type Traffic, type TrafficOptions, traffic } from '../../traffic/traffic.ts';
import { expectRow } from './row.ts';

const UNION = 'sep-2350-scope-union-on-reauth';
const CHALLENGED = 'challenge-scope-authoritative';
const ESCALATION = 'scope-step-up-escalation';
const LIMIT = 'scope-retry-limit';
const VIA_REFRESH = 'step-up-via-refresh';
const OTHER_ERROR = 'sep-2702-no-refresh-on-other-error';
const NARROWED = 'reauth-401-scope-dropped';
const REQUESTED = 'sep-2207-offline-access-requested';
const NOT_SPEC_UNION = { revision: '2025-11-25' } as const;

/** Discovery and registration; the authorization server has no `offline_access`, so A.1 has nothing to say. */
function discovered(options: TrafficOptions = {}, challenged: string | null = 'r'): Traffic {
  return traffic(options)
    .challenge(challenged === null ? {} : { scope: challenged })
    .prm()
    .asm({ scopes: ['r', 'w', 'x'] })
    .reg();
}

/** Signed in: `requested` in the authorization request, `granted` in the token response (null: says nothing). */
function signedIn(requested: string | null, granted: string | null = requested, options: TrafficOptions = {}): Traffic {
  return discovered(options, requested).az({ scope: requested }).tk({ scope: granted }).call('tools/list');
}

/** A step-up: the authorization request (named AZ) and its token response. */
function stepUp(log: Traffic, scope: string, granted: string | null = scope): Traffic {
  return log.az({ scope }).as('AZ').tk({ scope: granted });
}

describe('A.2.4: scope union on step-up', () => {
  test('U1 401(scope r) · AZ(r) · TK{scope r} · 403(is:w) · AZ(r w) · TK{r w} · M 200', () => {
    const log = stepUp(signedIn('r').forbidden('w'), 'r w').call('write');
    expectRow(log, {
      [UNION]: 'pass at AZ',
      [CHALLENGED]: 'pass',
      [ESCALATION]: 'pass',
      [VIA_REFRESH]: 'pass',
      [LIMIT]: 'pass',
    });
  });

  test('U2 … TK{scope r} · 403(is:w) · AZ(w)', () => {
    expectRow(stepUp(signedIn('r').forbidden('w'), 'w'), { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });

  test('U3 U2 at V=2025-11-25', () => {
    expectRow(stepUp(signedIn('r', 'r', NOT_SPEC_UNION).forbidden('w'), 'w'), {
      [UNION]: 'note at AZ',
      [CHALLENGED]: 'pass',
    });
  });

  test('U4 AZ(r)·TK{no scope} · 403(is:w) · AZ(w)', () => {
    expectRow(stepUp(signedIn('r', null).forbidden('w'), 'w', null), {
      [UNION]: 'warning at AZ',
      [CHALLENGED]: 'pass',
    });
  });

  test('U5 AZ(r w)·TK{scope "r"} (narrowed) · 403(is:x) · AZ(r x)', () => {
    expectRow(stepUp(signedIn('r w', 'r').forbidden('x'), 'r x'), { [UNION]: 'pass at AZ', [CHALLENGED]: 'pass' });
  });

  test('U6 same · AZ(r w x)', () => {
    expectRow(stepUp(signedIn('r w', 'r').forbidden('x'), 'r w x'), { [UNION]: 'pass at AZ', [CHALLENGED]: 'pass' });
  });

  test('U7 r → 403 w → AZ(r w) → 403 x → AZ(r w x)', () => {
    const log = stepUp(signedIn('r').forbidden('w'), 'r w').call('write').forbidden('x', 'erase');
    expectRow(stepUp(log, 'r w x').call('erase'), { [UNION]: ['pass', 'pass at AZ'], [ESCALATION]: ['pass', 'pass'] });
  });

  test('U8 r → 403 w → AZ(r w) → 403 x → AZ(r x)', () => {
    const log = stepUp(signedIn('r').forbidden('w'), 'r w').call('write').forbidden('x', 'erase');
    expectRow(stepUp(log, 'r x').call('erase'), { [UNION]: ['pass', 'warning at AZ'] });
  });

  test('U9 TK{r} · 403(is:"r w") (server repeats) · AZ(r w)', () => {
    expectRow(stepUp(signedIn('r').forbidden('r w'), 'r w'), {
      [UNION]: 'pass at AZ',
      [CHALLENGED]: 'pass',
      [ESCALATION]: 'pass',
    });
  });

  test('U10 TK{r} · 403(is:w) · AZ(r)', () => {
    expectRow(stepUp(signedIn('r').forbidden('w'), 'r'), { [CHALLENGED]: 'error at AZ', [UNION]: 'n/a' });
  });

  test('U11 TK{r,rt} · 403(is:w) · RF 200 · M 403(is:w) · throw', () => {
    const log = discovered()
      .az({ scope: 'r' })
      .tk({ scope: 'r', refresh: 'refresh-token-one-0001' })
      .call('tools/list');
    log.forbidden('w').as('403').rf().as('RF').forbidden('w').wait(130_000).call('tools/list');
    // H16: the same refresh is one that cannot mend its cause.
    expectRow(log, {
      [VIA_REFRESH]: 'warning at RF',
      [ESCALATION]: 'warning at 403',
      [OTHER_ERROR]: 'warning at RF',
      [UNION]: 'n/a',
    });
  });

  test('U12 TK{r} · 403(is:w) · AZ(w, include_granted_scopes=true) · TK{r w}', () => {
    const log = signedIn('r')
      .forbidden('w')
      .az({ scope: 'w', extra: { include_granted_scopes: 'true' } })
      .as('AZ')
      .tk({ scope: 'r w' });
    expectRow(log, { [UNION]: 'note at AZ', [CHALLENGED]: 'pass' });
  });

  test('U13 TK{r} · 403(is:w) · AZ(w) · TK{scope "r w"}', () => {
    expectRow(stepUp(signedIn('r').forbidden('w'), 'w', 'r w'), { [UNION]: 'note at AZ', [CHALLENGED]: 'pass' });
  });

  test('U14 TK{r w} · M 401(it) · AZ(r)', () => {
    const log = stepUp(signedIn('r w').wait(3_600_000).expired(), 'r');
    expectRow(log, { [NARROWED]: 'note at AZ', [UNION]: 'n/a', [CHALLENGED]: 'n/a' });
  });

  test('U15 TK{r} · revoke/logout · AZ(w, prompt=select_account)', () => {
    const log = signedIn('r').revoke().az({ scope: 'w', prompt: 'select_account' }).tk({ scope: 'w' }).call('write');
    // Without a new challenge the first one stands, for r.
    expectRow(log, {
      [UNION]: 'n/a',
      [NARROWED]: 'n/a',
      'scope-from-www-authenticate': ['pass', 'warning'],
      'scope-over-request': ['pass', 'warning'],
    });
    const challenged = signedIn('r')
      .forbidden('w')
      .az({ scope: 'w', prompt: 'select_account' })
      .tk({ scope: 'w' })
      .call('write');
    expectRow(challenged, { [UNION]: 'n/a', [NARROWED]: 'n/a' });
  });

  test('U16 TK{r} client c1 · PRM now names I₂ · REG c2 · AZ@I₂(w)', () => {
    const issuer = 'https://as-two.example.com';
    const log = signedIn('r')
      .forbidden('w')
      .prm({ issuers: [issuer] })
      .asm({ issuer, scopes: ['r', 'w'] })
      .reg({ issuer, clientId: 'client-two-0002' });
    log
      .az({ issuer, clientId: 'client-two-0002', scope: 'w' })
      .tk({ issuer, clientId: 'client-two-0002', scope: 'w' })
      .call('write');
    expectRow(log, { [UNION]: 'n/a', [NARROWED]: 'n/a' });
  });

  test('U17 S1,S2 same AS+client_id: TK{r}(resource S1) · S2 403(is:w) · AZ(w, resource S2)', () => {
    const server = 'https://two.example.com/mcp';
    const token = 'access-token-for-two-from-before';
    const log = signedIn('r').prm({ server }).forbidden('w', 'write', { server, token });
    log.az({ scope: 'w', resource: server }).as('AZ').tk({ scope: 'w', resource: server }).call('write', { server });
    expectRow(log, { [UNION]: 'open at AZ', [CHALLENGED]: 'pass' });
  });

  test('U18 log starts at: 403(is:w) · AZ(w); t opaque', () => {
    const log = traffic()
      .forbidden('w', 'write', { token: 'opaque-token-from-before' })
      .az({ scope: 'w' })
      .as('AZ')
      .tk({ scope: 'w' });
    expectRow(log, { [UNION]: 'open at AZ', [CHALLENGED]: 'pass' });
  });

  test('U19 log starts at: M[t JWS scope="r"] 403(is:w) · AZ(w)', () => {
    const token = jwt({ scope: 'r', client_id: 'client-one-0001' });
    const log = traffic().forbidden('w', 'write', { token }).az({ scope: 'w' }).as('AZ').tk({ scope: 'w' });
    expectRow(log, { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });

  test('U20 TK{r} · 403(is:w) · popup · TK{scope "w"}', () => {
    const log = signedIn('r').forbidden('w').tk({ scope: 'w' }).call('write');
    expectRow(log, { [UNION]: 'open', [CHALLENGED]: 'pass' });
  });

  test('U21 TK{r} · 403(is:w) · AZ("r w w") / AZ("w r")', () => {
    for (const scope of ['r w w', 'w r']) {
      expectRow(stepUp(signedIn('r').forbidden('w'), scope, 'r w'), { [UNION]: 'pass at AZ', [CHALLENGED]: 'pass' });
    }
  });

  test('U22 PRM[p] · TK{r} · 403(is:w) · AZ(r p w)', () => {
    const log = signedIn('r')
      .prm({ scopes: ['p'] })
      .forbidden('w');
    expectRow(stepUp(log, 'r p w'), { [UNION]: 'pass at AZ', [CHALLENGED]: 'pass' });
  });

  test('U23 PRM[p] · TK{r} · 403(is:w) · AZ(p w)', () => {
    const log = signedIn('r')
      .prm({ scopes: ['p'] })
      .forbidden('w');
    expectRow(stepUp(log, 'p w'), { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });

  test('U24 TK{openid r oa} · 403(is:w) · AZ(r w)', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm()
      .asm({ scopes: ['openid', 'r', 'w', 'offline_access'] })
      .reg();
    log
      .az({ scope: 'openid r offline_access', prompt: 'consent' })
      .tk({ scope: 'openid r offline_access', refresh: 'refresh-token-one-0001' });
    // A.1 speaks of the lost offline_access (row O18).
    expectRow(stepUp(log.call('tools/list').forbidden('w'), 'r w'), {
      [UNION]: 'pass at AZ',
      [CHALLENGED]: 'pass',
      [REQUESTED]: ['pass', 'warning at AZ'],
    });
  });

  test('U25 TK{r w} · RF{scope=r}→{scope r} · 403(is:w) · AZ(r w)', () => {
    const log = narrowedByRefresh().forbidden('w');
    expectRow(stepUp(log, 'r w'), {
      [UNION]: 'pass at AZ',
      [CHALLENGED]: 'pass',
      'refresh-scope-within-grant': 'pass',
    });
  });

  test('U26 same · 403(is:x) · AZ(r x)', () => {
    expectRow(stepUp(narrowedByRefresh().forbidden('x'), 'r x'), { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });

  test('U27 parallel 403(is:w), 403(is:x) · AZ(r w x)', () => {
    const log = parallel(signedIn('r'));
    expectRow(stepUp(log, 'r w x'), { [UNION]: 'pass at AZ', [CHALLENGED]: 'pass', [ESCALATION]: ['pass', 'pass'] });
  });

  test('U28 parallel 403(is:w), 403(is:x) · AZ(r w) · TK · AZ(r x)', () => {
    const log = parallel(signedIn('r')).az({ scope: 'r w' }).as('AZ1').tk({ scope: 'r w' });
    expectRow(stepUp(log, 'r x'), { [UNION]: ['pass at AZ1', 'warning at AZ'], [CHALLENGED]: ['pass', 'pass'] });
  });

  test('U29 TK{files} · 403(is:files:read) · AZ(files files:read)', () => {
    const log = signedIn('files').forbidden('files:read');
    expectRow(stepUp(log, 'files files:read'), {
      [UNION]: 'pass at AZ',
      [CHALLENGED]: 'pass',
      '403-despite-granted-scope': 'open',
    });
  });

  test('U30 TK{files:read} · 403(is:files) · AZ(files)', () => {
    expectRow(stepUp(signedIn('files:read').forbidden('files'), 'files'), {
      [UNION]: 'note at AZ',
      [CHALLENGED]: 'pass',
    });
  });

  test('U31 TK{r} · reload page · 403(is:w) · AZ(w)', () => {
    expectRow(stepUp(signedIn('r').reload().forbidden('w'), 'w'), { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });

  test('U32 TK{r} · 403(is:w) ×4 each with AZ(r w), AS never grants', () => {
    const log = signedIn('r');
    for (let round = 1; round <= 4; round += 1)
      log.forbidden('w').az({ scope: 'r w' }).as(`AZ${round}`).tk({ scope: 'r' });
    expectRow(log, {
      [LIMIT]: 'warning at AZ3',
      [UNION]: ['pass', 'pass', 'pass', 'pass'],
      [CHALLENGED]: ['pass', 'pass', 'pass', 'pass'],
      [ESCALATION]: 'pass',
    });
  });

  test('U33 AZ(no scope)·TK{scope "a b"} · 403(is:w) · AZ(w)', () => {
    const log = stepUp(signedIn(null, 'a b').forbidden('w'), 'w');
    const unnamed = { 'challenge-scope-present': 'warning' };
    expectRow(log, { [UNION]: 'note at AZ', [CHALLENGED]: 'pass', ...unnamed });
    expectRow(log.call('write').forbidden('a', 'read'), { [UNION]: 'warning at AZ', ...unnamed });
  });

  test('U34 TK{r} · 403(is:w) · LLM POST tool_result "needs scope w"', () => {
    const log = signedIn('r')
      .ask('write', 'call_1')
      .forbidden('w')
      .as('403')
      .tell('call_1', 'needs scope w', 'write')
      .wait(130_000)
      .call('tools/list');
    expectRow(log, { [ESCALATION]: 'pass at 403', [UNION]: 'n/a' });
  });

  test('U35 TK{r} · 403 no WWW-Authenticate body {"error":"insufficient_scope","scope":"w"} · nothing', () => {
    const body = '{"error":"insufficient_scope","scope":"w"}';
    const log = signedIn('r').call('write', { status: 403, body }).wait(130_000).call('tools/list');
    expectRow(log, {
      [ESCALATION]: 'n/a',
      [UNION]: 'n/a',
      [VIA_REFRESH]: 'n/a',
      [LIMIT]: 'n/a',
      'insufficient-scope-challenge-complete': 'warning',
    });
  });

  test('U36 U3 · M 403(is:r)', () => {
    const log = stepUp(signedIn('r', 'r', NOT_SPEC_UNION).forbidden('w'), 'w')
      .call('write')
      .forbidden('r', 'read');
    expectRow(log, { [UNION]: 'warning at AZ', [CHALLENGED]: 'pass' });
  });
});

/** A grant of `r w` whose token a refresh narrowed to `r`. */
function narrowedByRefresh(): Traffic {
  const log = discovered({}, 'r w')
    .az({ scope: 'r w' })
    .tk({ scope: 'r w', refresh: 'refresh-token-one-0001' })
    .call('tools/list')
    .wait(3_590_000);
  return log.rf({ requestScope: 'r', scope: 'r' }).call('tools/list');
}

/** Two calls under way, each refused for want of another scope. */
function parallel(log: Traffic): Traffic {
  return log.forbidden('w', 'write', { duration: 100 }).forbidden('x', 'erase', { after: -90, duration: 100 });
}
