import { describe, expect, test } from 'vitest';
import { type HarEntry, ISSUER, PAGE, SERVER, type Traffic, type TrafficOptions, traffic } from '../traffic/traffic.ts';
import { failures, outcomes, verdicts } from '../traffic/verdicts.ts';
import { DEAD, EVERY_REVISION, HOUR, R_OA, RENEWED, RT1, signedIn } from './sessions.ts';

/** A session of one hour, a refresh and a step-up, written step by step so that any of them can be damaged. */
type Step =
  | 'challenge'
  | 'prm'
  | 'asm'
  | 'reg'
  | 'tk'
  | 'call'
  | 'expired'
  | 'rf'
  | 'retry'
  | 'forbidden'
  | 'tk2'
  | 'call2';

function session(damage: (log: Traffic, step: Step) => void = () => undefined, options: TrafficOptions = {}): Traffic {
  const log = traffic(options);
  const place = `resource_metadata="${new URL(SERVER).origin}/.well-known/oauth-protected-resource/mcp"`;
  const step = (name: Step, write: () => Traffic): void => {
    write();
    damage(log, name);
  };
  const members = { authorization_response_iss_parameter_supported: true, client_id_metadata_document_supported: null };
  const answer = { iss: ISSUER };
  step('challenge', () => log.challenge({ scope: 'r' }));
  step('prm', () => log.prm({ scopes: ['r', 'w'] }));
  step('asm', () => log.asm({ scopes: ['r', 'w', 'offline_access'], members }));
  step('reg', () => log.reg());
  log.az({ ...RENEWED, answer });
  step('tk', () => log.tk({ scope: R_OA, refresh: RT1 }));
  if (options.revision !== '2026-07-28') log.call('initialize');
  step('call', () => log.call('search'));
  log.wait(HOUR);
  step('expired', () => log.expired('search', { challenge: `Bearer error="invalid_token", ${place}` }));
  step('rf', () => log.rf({ scope: R_OA, refresh: 'refresh-token-two-0002' }));
  step('retry', () => log.call('search'));
  const wanted = `Bearer error="insufficient_scope", scope="r w", ${place}`;
  log.wait(60_000);
  step('forbidden', () => log.forbidden('w', 'write', { challenge: wanted }));
  log.az({ scope: 'r w offline_access', prompt: 'consent', answer });
  step('tk2', () => log.tk({ scope: 'r w offline_access', refresh: 'refresh-token-three-0003' }));
  step('call2', () => log.call('write'));
  return log.wait(60_000).call('search');
}

const STEPS: readonly Step[] = [
  'challenge',
  'prm',
  'asm',
  'reg',
  'tk',
  'call',
  'expired',
  'rf',
  'retry',
  'forbidden',
  'tk2',
  'call2',
];

type Parts = Record<'request' | 'response', Record<string, unknown>>;

function parts(entry: HarEntry): Parts {
  return entry as unknown as Parts;
}

const contentOf = (entry: HarEntry): { readonly size: number; readonly mimeType: string } =>
  parts(entry).response.content as { size: number; mimeType: string };

/** What recorders lose, each as some recorder writes it. */
const LOSSES: Readonly<Record<string, (entry: HarEntry) => HarEntry>> = {
  'the body of the answer': (entry) => {
    const { size, mimeType } = contentOf(entry);
    return { ...entry, response: { ...entry.response, content: { size: size || 40, mimeType } } };
  },
  'the body of the answer, and its size, over HTTP/2': (entry) => ({
    ...entry,
    response: { ...entry.response, content: { size: 0, mimeType: contentOf(entry).mimeType } },
  }),
  'the body of the answer, for which it writes an empty text': (entry) => ({
    ...entry,
    response: { ...entry.response, content: { size: 0, mimeType: contentOf(entry).mimeType, text: '' } },
  }),
  'the body of the request': (entry) => {
    const { postData: _, ...request } = parts(entry).request;
    return { ...entry, request };
  },
  'the text of the request, and keeps a list of no parameters': (entry) =>
    parts(entry).request.postData === undefined
      ? entry
      : { ...entry, request: { ...entry.request, postData: { mimeType: 'application/json', params: [] } } },
  'the text of the request, for which it writes an empty one': (entry) =>
    parts(entry).request.postData === undefined
      ? entry
      : { ...entry, request: { ...entry.request, postData: { mimeType: 'application/json', text: '' } } },
  'the headers of the request': (entry) => ({ ...entry, request: { ...entry.request, headers: [] } }),
  'all of a call but that a stream began to answer': (entry) => {
    const { postData: _, ...request } = parts(entry).request;
    const { response } = parts(entry);
    if (request.url !== SERVER || response.status !== 200) return entry;
    const fields = (response.headers as { name: string }[]).filter(({ name }) => name.toLowerCase() !== 'content-type');
    const headers = [...fields, { name: 'content-type', value: 'text/event-stream' }];
    const content = { size: -1, mimeType: 'text/event-stream' };
    const glimpse = {
      _pending: true,
      request: { ...request, headers: [] },
      response: { ...response, headers, content },
    };
    return { ...entry, ...glimpse } as unknown as HarEntry;
  },
  'the headers of the answer': (entry) => ({ ...entry, response: { ...entry.response, headers: [] } }),
};

/** Failures that the whole session does not have; notes are no accusation here. */
function accused(log: Traffic, options: TrafficOptions): readonly string[] {
  const before = new Set(failures(session(undefined, options)));
  return failures(log).filter((failure) => !before.has(failure) && !failure.endsWith(' note'));
}

describe.each(EVERY_REVISION.filter((revision) => revision !== '2025-03-26'))(
  'nobody is accused in %s of what a recorder',
  (revision) => {
    test.each(Object.entries(LOSSES))('lost: %s', (_, loss) => {
      const wrong = STEPS.flatMap((damaged) => {
        const log = session((at, step) => void (step === damaged && at.altered(loss)), { revision });
        return accused(log, { revision }).map((failure) => `${damaged}: ${failure}`);
      });
      expect(wrong).toEqual([]);
    });

    test('wrote twice', () => {
      const wrong = STEPS.flatMap((damaged) => {
        const log = session((at, step) => void (step === damaged && at.twice()), { revision });
        return accused(log, { revision }).map((failure) => `${damaged}: ${failure}`);
      });
      expect(wrong).toEqual([]);
    });
  },
);

const WAF = {
  status: 403,
  headers: { server: 'cloudflare', 'cf-mitigated': 'challenge' },
  body: '<!DOCTYPE html><title>Just a moment...</title>',
  mimeType: 'text/html',
} as const;

describe('what a gateway says is no word of the server behind it', () => {
  const CALLER = { origin: PAGE };
  const [prm, asm] = [
    'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    `${ISSUER}/.well-known/oauth-authorization-server`,
  ];

  test.each([
    ['a firewall’s page', WAF],
    ['too many requests', { status: 429, body: 'Too Many Requests', mimeType: 'text/plain' }],
    ['a page of a load balancer', { status: 503, body: '<html>Service Unavailable</html>', mimeType: 'text/html' }],
  ] as const)('%s without CORS headers: the endpoint is not to blame', (_, answer) => {
    const log = session((at, step) => {
      if (step === 'challenge') at.raw('GET', prm, answer, {}, CALLER);
      if (step === 'prm') at.raw('GET', asm, answer, {}, CALLER);
    });
    expect(verdicts(log, 'cors-discovery-endpoints')).not.toContain('warning');
    expect(failures(log).filter((failure) => !failures(session()).includes(failure))).toEqual([]);
  });

  test('a code that a firewall stopped may be redeemed again', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r'] })
      .reg()
      .az({ scope: 'r' });
    const form = { code: log.code, code_verifier: 'verifier-1-0123456789012345678901234567890123456789' };
    log.tk({ status: 403, answerBody: WAF.body, answerType: 'text/html', form }).tk({ scope: 'r', form });
    expect(verdicts(log.call('search'), 'authorization-code-single-use')).toEqual(['note']);
  });

  test('a refresh token that a firewall stopped is not dead', () => {
    const log = session((at, step) => {
      if (step === 'expired') at.rf({ status: 403, answerBody: WAF.body, answerType: 'text/html' });
    });
    expect(failures(log).filter((failure) => failure.startsWith('sep-2702'))).toEqual([]);
    const dead = { ...DEAD, send: RT1 };
    const refused = signedIn().wait(HOUR).expired().rf(dead).rf(dead);
    expect(failures(refused)).toContain('sep-2702-needs-reauth warning');
  });
});

describe('CORS that does not apply', () => {
  const open = { answerHeaders: { 'access-control-allow-origin': null } };

  test('is switched off where a token is used that the page could not have read', () => {
    const log = traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] })
      .asm({ scopes: ['r'] })
      .reg();
    log.az({ scope: 'r' }).tk({ scope: 'r', ...open });
    expect(verdicts(log, 'cors-discovery-endpoints')).toContain('warning');
    expect(verdicts(log.call('search'), 'cors-discovery-endpoints')).not.toContain('warning');
  });

  test('does not bind the page of an extension', () => {
    const origin = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
    const place = `${ISSUER}/.well-known/oauth-authorization-server`;
    const judged = (from: string): readonly string[] =>
      verdicts(
        traffic()
          .challenge()
          .prm()
          .raw('GET', place, { body: '{}', mimeType: 'application/json' }, {}, { origin: from })
          .asm(),
        'cors-discovery-endpoints',
      );
    expect(judged(PAGE)).toContain('warning');
    expect(judged(origin)).not.toContain('warning');
  });
});

test('one of several registrations that were refused is not the client’s', () => {
  const log = traffic({ revision: '2025-11-25' })
    .challenge({ scope: 'r' })
    .prm({ scopes: ['r'] })
    .asm({ scopes: ['r', 'offline_access'] });
  log.raw(
    'POST',
    `${ISSUER}/register`,
    { status: 429 },
    {},
    { 'content-type': 'application/json' },
    '{"redirect_uris":[]}',
  );
  log
    .reg({ grants: ['authorization_code'] })
    .withoutBody()
    .az({ scope: 'r' })
    .tk({ scope: 'r' })
    .call('search');
  expect(verdicts(log, 'sep-2207-offline-access-requested')).toEqual(['notApplicable']);
});

test('metadata that was read after the token was sent does not say whom the server trusted before', () => {
  const other = 'https://as-two.example.com';
  const log = traffic()
    .challenge({ scope: 'r' })
    .asm({ scopes: ['r'] })
    .reg()
    .az({ scope: 'r' })
    .tk({ scope: 'r' });
  log
    .call('search')
    .wait(HOUR)
    .expired()
    .prm({ issuers: [other] });
  expect(verdicts(log, 'token-from-servers-as')).toEqual(['open']);
  expect(verdicts(log.call('search'), 'token-from-servers-as')).toEqual(['error']);
});

test('a registration without a method is not held against a client whose server’s list is not in the log', () => {
  const begun = (): Traffic =>
    traffic()
      .challenge({ scope: 'r' })
      .prm({ scopes: ['r'] });
  const secret = {
    token_endpoint_auth_method: null,
    client_secret: 's3cret-of-client-0001',
    client_secret_expires_at: 0,
  };
  const signed = (log: Traffic): Traffic =>
    log.reg({ answered: secret }).az({ scope: 'r' }).tk({ scope: 'r' }).call('search');
  const of = (log: Traffic): readonly string[] =>
    outcomes(log).flatMap(({ rule, kind }) => (rule === 'token-endpoint-auth-method' ? [kind] : []));
  expect(of(signed(begun().asm({ members: { token_endpoint_auth_methods_supported: ['none'] } })))).toEqual(['pass']);
  expect(of(signed(begun().asm().withoutBody()))).not.toContain('fail');
});
