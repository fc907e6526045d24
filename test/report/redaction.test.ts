import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/cli/text-report.ts';
import { s256 } from '../../src/protocol/pkce.ts';
import type { Analysis } from '../../src/report/analysis.ts';
import { analyze } from '../../src/report/analyze.ts';
import { compare } from '../../src/report/compare.ts';
import { annotatedHar } from '../../src/report/har.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { redactedResult, resultJson } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { ndjsonLine } from '../../src/report/ndjson.ts';
import { defaultRedaction, type RedactionOptions, redact } from '../../src/report/redaction/redact.ts';
import { sarifReport } from '../../src/report/sarif/report.ts';
import { structureOf } from '../../src/report/share.ts';
import { corpus, type EntryParts, har, issuer, plain, type SignIn, server, signIn } from './hars.ts';

const allContent: RedactionOptions = { ...defaultRedaction, allContent: true };

function logText(parts: readonly EntryParts[], options: RedactionOptions = allContent): string {
  return JSON.stringify(redact(analyze(har(parts), { name: 'test.har' }), options).log);
}

function call(extra: Partial<EntryParts>): EntryParts {
  return {
    url: server,
    requestHeaders: { Authorization: `Bearer ${plain.access}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }),
    content: '{}',
    ...extra,
  };
}

describe('redact', () => {
  it('replaces every secret of a sign-in and keeps what is public', () => {
    const text = logText(signIn(plain));
    for (const [name, value] of Object.entries(plain)) {
      if (name === 'scope') continue;
      for (const form of formsOf(value)) expect(text, `${name} as ${form}`).not.toContain(form);
    }
    for (const kept of [
      'files:read',
      'public-client',
      issuer,
      server,
      'invalid_token',
      'authorization_code',
      'S256',
      'offline_access',
    ]) {
      expect(text).toContain(kept);
    }
    expect(text).toContain('Bearer at-1');
    expect(text).toContain('code=code-1');
  });

  it('keeps S256 true where it was, and untrue where it was not', () => {
    for (const challenge of [plain.challenge, s256('another verifier')]) {
      const text = logText(signIn({ ...plain, challenge }));
      const verifier = /code_verifier=([^&"]+)/.exec(text)?.[1] ?? '';
      const shown = /code_challenge=([^&"]+)/.exec(text)?.[1] ?? '';
      expect(verifier).toMatch(/^verifier-1/);
      expect(verifier.length).toBeGreaterThanOrEqual(43);
      expect(s256(verifier) === shown).toBe(challenge === plain.challenge);
    }
  });

  it('keeps the equality and the length class of state', () => {
    const long = /state=([^&"]+)/.exec(logText(signIn(plain)))?.[1] ?? '';
    const short = /state=([^&"]+)/.exec(logText(signIn({ ...plain, state: 'abc' })))?.[1] ?? '';
    expect(long.length).toBeGreaterThanOrEqual(16);
    expect(short).toBe('state-1');
  });

  it('leaves a JWT three parts with its header and its readable claims', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: issuer,
      aud: server,
      exp: 1,
      iat: 0,
      scope: 'files:read',
      sub: 'alice',
      email: 'alice@example.org',
      cnf: { jkt: 'thumb' },
    };
    const access = `${part({ alg: 'RS256', typ: 'at+jwt' })}.${part(claims)}.c2lnbmF0dXJlLXZhbHVl`;
    const text = logText(signIn({ ...plain, access }));
    const shown = /"value":"Bearer (ey[^"]+)"/.exec(text)?.[1]?.split('.') ?? [];
    expect(shown).toHaveLength(3);
    expect(shown[2]).toBe('at-1');
    const read = (index: number) => JSON.parse(Buffer.from(shown[index] ?? '', 'base64url').toString());
    expect(read(0)).toEqual({ alg: 'RS256', typ: 'at+jwt' });
    expect(read(1)).toMatchObject({ iss: issuer, aud: server, exp: 1, iat: 0, scope: 'files:read' });
    expect(Object.keys(read(1))).toEqual(Object.keys(claims));
    expect(JSON.stringify(read(1))).not.toMatch(/alice|thumb/);
  });

  it('keeps a proof of possession a proof, and a client its own subject', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = (claims: object) => `${part({ alg: 'ES256', typ: 'dpop+jwt' })}.${part(claims)}.c2lnbmF0dXJlLXZhbHVl`;
    const read = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
    const claims = { jti: 'unguessable-proof-id', htm: 'POST', htu: server, iat: 1, ath: s256(plain.access) };
    const dpop = (ath: string) => {
      const requestHeaders = { Authorization: `DPoP ${plain.access}`, DPoP: jwt({ ...claims, ath }) };
      const text = logText([...signIn(plain), call({ requestHeaders })]);
      expect(text).not.toContain('unguessable-proof-id');
      return read(/"name":"DPoP","value":"([^"]+)"/.exec(text)?.[1] ?? '');
    };
    expect(dpop(s256(plain.access))).toMatchObject({ htm: 'POST', htu: server, iat: 1, ath: s256('at-1') });
    const other = dpop(s256('another token'));
    expect(other.ath).not.toBe(s256('at-1'));
    expect(other.ath).not.toBe(s256('another token'));
    const assertion = (sub: string) => {
      const body = `grant_type=client_credentials&client_assertion=${jwt({ iss: 'service-client', sub, aud: issuer })}`;
      const bodyType = 'application/x-www-form-urlencoded';
      const text = logText([...signIn(plain), { url: `${issuer}/token`, body, bodyType }]);
      return read(/client_assertion=([^&"]+)/.exec(text)?.[1] ?? '').sub;
    };
    expect(assertion('service-client')).toBe('service-client');
    expect(assertion('alice-the-person')).toMatch(/^sub-\d+$/);
  });

  it('finds secrets wherever they are nested', () => {
    const secret = 'deeply/nested+secret=value';
    const places: readonly Partial<EntryParts>[] = [
      { url: `${server}?access_token=${encodeURIComponent(secret)}` },
      { url: `${server}#id_token=${encodeURIComponent(secret)}` },
      { url: `${server}?next=${encodeURIComponent(`https://x.example/?client_secret=${encodeURIComponent(secret)}`)}` },
      { requestHeaders: { 'X-Api-Key': secret } },
      { requestHeaders: { Cookie: `a=b; token=${secret}` } },
      { requestHeaders: { Authorization: `Basic ${Buffer.from(`public-client:${secret}`).toString('base64')}` } },
      { responseHeaders: { Location: `/next?refresh_token=${encodeURIComponent(secret)}` } },
      { content: JSON.stringify({ a: [{ client_secret: secret }] }) },
      { content: JSON.stringify({ log: JSON.stringify({ inner: JSON.stringify({ password: secret }) }) }) },
      { content: `data: {"refresh_token":${JSON.stringify(secret)}}\n\n`, contentType: 'text/event-stream' },
      { content: `failed: {"access_token":"${secret}"} was refused`, contentType: 'text/plain' },
      { content: `grant_type=x&assertion=${encodeURIComponent(secret)}`, contentType: 'text/plain' },
      {
        body: `--b\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n${secret}\r\n--b--`,
        bodyType: 'multipart/form-data; boundary=b',
      },
      { content: `<input type="hidden" name="password" value="${secret}">`, contentType: 'text/html' },
      { extra: { _initiator: { url: `https://x.example/?access_token=${encodeURIComponent(secret)}` } } },
      { extra: { _webSocketMessages: [{ type: 'send', data: JSON.stringify({ api_key: secret }) }] } },
      { extra: { _unknown: { headers: [{ name: 'Authorization', value: `Bearer ${secret}` }] } } },
    ];
    for (const place of places) {
      const text = logText([...signIn(plain), call(place)]);
      for (const form of formsOf(secret)) expect(text, JSON.stringify(place)).not.toContain(form);
    }
  });

  it('does not take a field for another that is spelled alike with its value', () => {
    const text = logText([
      ...signIn(plain),
      call({ requestHeaders: { x: 'api-key:9f8e7d6c5b4a39281706' } }),
      call({ requestHeaders: { 'x:api-key': '9f8e7d6c5b4a39281706' } }),
    ]);
    expect(text).not.toContain('9f8e7d6c5b4a39281706');
  });

  it('takes "Bearer abc" for a credential and an English sentence for what it is', () => {
    const text = logText([
      ...signIn(plain),
      call({ content: 'sent Bearer abc and a Bearer token is required', contentType: 'text/plain' }),
    ]);
    expect(text).toMatch(/sent Bearer at-\d+ and a Bearer token is required/);
  });

  it('hides what an authorization server is told by its own forms, field by field', () => {
    const form = signIn(plain).map((one) =>
      one.body?.startsWith('username=') ? { ...one, body: `${one.body}&pet=rex&remember=1` } : one,
    );
    const text = logText(form);
    expect(text).not.toMatch(/rex|alice/);
    expect(text).toMatch(/username=login-\d+&password=password-\d+&pet=field-\d+&remember=field-\d+/);
  });

  it('never takes nothing for a secret', () => {
    const text = logText([
      ...signIn(plain),
      {
        url: `${issuer}/token`,
        body: 'grant_type=refresh_token&refresh_token=undefined',
        bodyType: 'application/x-www-form-urlencoded',
        status: 400,
        content: '{"error":"invalid_request"}',
      },
    ]);
    expect(text).toContain('refresh_token=undefined');
  });

  it('does not let input text pass for an alias', () => {
    const text = logText([
      ...signIn(plain),
      call({ content: 'at-1 and code-1 said the page', contentType: 'text/plain' }),
    ]);
    expect(text).toContain('at~-1 and code-1 said the page');
    expect(text).not.toContain('code=code-1&');
    expect(text).toContain('code=code-2');
  });

  it('gives a token that the story does not know no alias of one that it knows', () => {
    const text = logText([
      call({ url: 'https://mcp.example.com/mcp?access_token=another-token-0123456789' }),
      ...signIn(plain),
    ]);
    expect(text).toContain('access_token=at-2');
    expect(text).toContain('Bearer at-1');
    expect(text).not.toContain('Bearer at-2');
  });

  it('leaves short values alone except where they stand', () => {
    const text = logText([
      ...signIn({ ...plain, password: 'files' }),
      call({ content: 'files', contentType: 'text/plain' }),
    ]);
    expect(text).toContain('files:read');
    expect(text).toMatch(/password=password-1/);
    expect(text).toContain('"text":"files"');
  });

  it('keeps a scope that a form field happens to equal', () => {
    const text = logText(signIn({ ...plain, scope: 'documents:read', password: 'documents:read' }));
    expect(text).toContain('scope=documents%3Aread');
  });

  it('gives equal texts of a conversation equal names, and keeps why a tool failed', () => {
    const said = (text: string) =>
      JSON.stringify({ jsonrpc: '2.0', id: 3, result: { content: [{ type: 'text', text }], isError: true } });
    const ask = (text: string) =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: 3,
        method: 'tools/call',
        params: { name: 'search', arguments: { q: text } },
      });
    const parts = [
      ...signIn(plain),
      call({ body: ask('my diary'), content: said('my diary') }),
      call({ body: ask('x'), content: said('HTTP 401: invalid_token') }),
    ];
    const text = logText(parts);
    expect(text).not.toContain('diary');
    expect(text).toContain('HTTP 401: invalid_token');
    expect(text).toContain('\\"name\\":\\"search\\"');
    const question = /\\"q\\":\\"(text-\d+)\\"/.exec(text)?.[1];
    expect(text).toContain(`\\"text\\":\\"${question}\\"`);
    expect(logText(parts, { ...allContent, conversation: true })).toContain('diary');
  });

  it('keeps of what a model was told the refusals, and of what a person said nothing', () => {
    const ask = (messages: unknown): EntryParts => ({
      url: 'https://api.example.com/v1/chat/completions',
      requestHeaders: { Authorization: 'Bearer model-key-123456' },
      body: JSON.stringify({
        model: 'm',
        messages,
        tools: [{ type: 'function', function: { name: 'search', parameters: {} } }],
      }),
      content: JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'I could not, dear Alice.' } }] }),
    });
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"q":"my diary"}' } }];
    const told = (content: string) => [
      { role: 'user', content: 'I am unauthorized Bob in the 401 Street' },
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'call_1', content },
    ];
    const long = `Unauthorized for Carol. ${'x'.repeat(400)}`;
    const text = logText([
      ...signIn(plain),
      ask(told('HTTP 401: invalid_token')),
      ask(told('needs scope files:write of Dora')),
      ask(told(long)),
    ]);
    expect(text).not.toMatch(/Alice|Bob|Carol|Dora|diary|model-key/);
    expect(text).toContain('HTTP 401: invalid_token');
    expect(text).toMatch(/text-\d+: scope/);
    expect(text).toMatch(/text-\d+: Unauthorized/);
    expect(text).toContain('call_1');
  });

  it('keeps of entries outside the story only what counts and times them', () => {
    const other: EntryParts = {
      url: 'https://news.example.net/read/7?user=bob#top',
      requestHeaders: { Cookie: 'login=bob-cookie-value' },
      content: 'private news',
      contentType: 'text/html',
    };
    const log = redact(analyze(har([...signIn(plain), other]), { name: 't' }), defaultRedaction).log;
    const text = JSON.stringify(log);
    expect(text).not.toMatch(/bob|private news/);
    expect(text).toContain('https://news.example.net/read/7"');
    expect(log).toMatchObject({ entries: { length: 11 } });
  });

  it('hides headers that the traffic declares to be credentials, and tool arguments in headers', () => {
    const headers = {
      'X-Custom-Auth-Headers': '["X-Team"]',
      'X-Team': 'team-credential',
      'Mcp-Param-City': 'Lisbon',
      'Mcp-Param-Count': '42',
    };
    const text = logText([...signIn(plain), call({ requestHeaders: headers })]);
    expect(text).not.toMatch(/team-credential|Lisbon/);
    expect(text).toContain('"value":"42"');
  });

  it('hides what the authorization server says of the user', () => {
    const document = har(signIn(plain));
    const analysis = analyze(document, { name: 't' });
    const [, , metadata] = signIn(plain);
    const userinfo = `${issuer}/me`;
    const parts = signIn(plain).map((one) =>
      one === metadata || one.url === metadata?.url
        ? { ...one, content: (one.content ?? '').replace('{', `{"userinfo_endpoint":"${userinfo}",`) }
        : one,
    );
    const text = logText([
      ...parts,
      {
        url: userinfo,
        requestHeaders: { Authorization: `Bearer ${plain.access}` },
        content: '{"sub":"u1","name":"Alice Doe","picture":"https://p.example/a.png","locale":"pt"}',
      },
    ]);
    expect(analysis.story.tokens.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/Alice Doe|a\.png/);
    expect(text).toMatch(/sub-\d/);
  });

  it('hides any password a person may choose', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 10, maxLength: 24, unit: 'grapheme' }), (noise) => {
        const password = `Pw~${noise}!"\\&é`;
        const text = logText([
          ...signIn({ ...plain, password }),
          call({ content: JSON.stringify({ said: password }) }),
        ]);
        for (const form of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)])
          expect(text).not.toContain(form);
      }),
      { numRuns: 40 },
    );
  });

  it('survives anything', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    const bodies = [
      deep,
      `${'{"a":'.repeat(20_000)}`,
      '\ud800 lone',
      '{"__proto__":{"password":"hunter2hunter2"}}',
      '"unterminated \\',
      'a=%E0%A4%A&=&&',
      '',
    ];
    for (const content of bodies) {
      const text = logText([...signIn(plain), call({ content })]);
      expect(text).not.toContain('hunter2hunter2');
    }
    const strange = [null, 7, 'x', [], { request: 3, response: [] }, { request: { headers: 'no', url: 5 } }];
    expect(() => redact(analyze({ log: { entries: strange } }, { name: 't' }), allContent)).not.toThrow();
  });

  it('never shows a planted secret in any export, and always the scope', { timeout: 60_000 }, async () => {
    const unguessable = fc.stringMatching(/^[A-Za-z0-9_~.+/-]{16,40}$/).filter((value) => new Set(value).size > 8);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(unguessable, { minLength: 9, maxLength: 9 }),
        fc.stringMatching(/^[a-z]{3,8}:[a-z]{3,8}$/),
        fc.array(fc.nat(7), { maxLength: 4 }),
        async (secrets, scope, wrappings) => {
          const [code, state, verifier, access, refresh, password, user, cookie, session] = secrets;
          const values: SignIn = {
            code: code ?? '',
            state: state ?? '',
            verifier: verifier ?? '',
            challenge: s256(verifier ?? ''),
            access: access ?? '',
            refresh: refresh ?? '',
            password: password ?? '',
            user: user ?? '',
            cookie: cookie ?? '',
            session: session ?? '',
            scope,
          };
          const planted = wrappings.map((kind, index) =>
            call({ content: wrap(kind, secrets[index] ?? ''), contentType: 'text/plain' }),
          );
          const analysis = analyze(har([...signIn(values), ...planted]), { name: 'p.har' });
          for (const [format, text] of Object.entries(await exportsOf(analysis))) {
            for (const secret of secrets) for (const form of formsOf(secret)) expect(text, format).not.toContain(form);
            // Where every check passed, these have no sentence that could name the scope.
            if (format !== 'junit' && format !== 'diff') expect(text, format).toContain(scope);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the law of redaction', () => {
  const recordings = corpus();
  if (recordings.length === 0) it.skip('the corpus is not here: set MCP_AUTH_CORPUS', () => {});
  for (const { name, har: document } of recordings) {
    it(`holds for ${name}`, () => {
      const original = analyze(document, { name });
      for (const options of [defaultRedaction, allContent, { ...defaultRedaction, level: 'tokens' } as const]) {
        const once = redact(original, options);
        const again = analyze({ log: once.log }, { name });
        expect(structureOf(again.result)).toEqual(structureOf(original.result));
        expect(JSON.stringify(redact(again, options).log)).toBe(JSON.stringify(once.log));
        const text = JSON.stringify(once.log);
        for (const token of original.story.tokens) expect(text).not.toContain(token.value);
      }
    });
  }
});

/** Every format that the command line writes, by its name. */
async function exportsOf(analysis: Analysis): Promise<Readonly<Record<string, string>>> {
  const result = redactedResult(analysis, defaultRedaction);
  return {
    har: annotatedHar(analysis),
    html: htmlReport(analysis),
    md: markdownReport(analysis),
    sarif: await sarifReport([{ analysis }]),
    junit: junitReport([analysis]),
    json: resultJson([result]),
    ndjson: ndjsonLine(result),
    text: textReport(result, { color: false, width: 110 }),
    diff: JSON.stringify(compare(result, { ...result, outcomes: [] })) + JSON.stringify(compare(result, result)),
  };
}

function wrap(kind: number, secret: string): string {
  switch (kind) {
    case 0:
      return `the value is ${secret}, said the log`;
    case 1:
      return JSON.stringify({ message: `<${secret}>` });
    case 2:
      return JSON.stringify({ message: JSON.stringify({ note: secret }) });
    case 3:
      return `https://x.example/?q=${encodeURIComponent(secret)}`;
    case 4:
      return `https://x.example/?q=${encodeURIComponent(`https://y.example/${encodeURIComponent(secret)}`)}`;
    case 5:
      return Buffer.from(`value: ${secret}.`).toString('base64');
    case 6:
      return `{"blob":"${Buffer.from(secret).toString('base64url')}"}`;
    default:
      return `data: ${secret}\n\n`;
  }
}

/** A secret as it stands, in JSON, in an address, and in base64. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
  ];
}
