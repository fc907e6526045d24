import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { isRpcRequest, readRpc } from '../../src/protocol/json-rpc.ts';
import { asRevision, isMcpMethod, mcpScore, mcpSignals, operation, revisions } from '../../src/protocol/mcp.ts';

interface Sketch {
  method?: string;
  url?: string;
  sent?: Record<string, string>;
  body?: unknown;
  status?: number;
  received?: Record<string, string>;
  answer?: string;
  type?: string;
  part?: Exchange['part'];
}

function exchange(sketch: Sketch): Exchange {
  const fields = (headers: Record<string, string> = {}) =>
    Object.entries(headers).map(([name, value]) => ({ name, value }));
  const text = sketch.body === undefined ? '' : JSON.stringify(sketch.body);
  const answer = sketch.answer ?? '';
  return {
    entry: 0,
    sent: 0,
    answered: 1,
    method: sketch.method ?? 'POST',
    url: sketch.url ?? 'https://mcp.example.com/api',
    request: { headers: fields(sketch.sent), body: { state: 'whole', text, mimeType: 'application/json', size: null } },
    response: {
      headers: fields(sketch.received),
      body: { state: 'whole', text: answer, mimeType: sketch.type ?? 'application/json', size: null },
      status: sketch.status ?? 200,
      statusText: '',
      location: null,
    },
    error: null,
    resourceType: null,
    fromCache: false,
    page: null,
    part: sketch.part ?? 'request',
    pending: false,
    context: null,
    headersLeftOut: false,
    envelope: null,
  };
}

const rpc = (method: string, params: unknown = {}) => ({ jsonrpc: '2.0', id: 1, method, params });
const result = (value: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });
const both = 'application/json, text/event-stream';

describe('revisions', () => {
  it('are four, in order', () => {
    expect([...revisions].sort()).toEqual([...revisions]);
    expect(asRevision('2025-06-18')).toBe('2025-06-18');
    for (const text of ['', '2024-11-05', '2025-06-18 ', 'DRAFT-2026']) expect(asRevision(text)).toBeNull();
  });
});

describe('isMcpMethod', () => {
  it('knows the methods of every revision, and no others', () => {
    for (const method of [
      'initialize',
      'server/discover',
      'ping',
      'tools/call',
      'resources/templates/list',
      'notifications/initialized',
      'tasks/get',
      'subscriptions/listen',
      'logging/setLevel',
    ]) {
      expect(isMcpMethod(method), method).toBe(true);
    }
    for (const method of [
      '',
      'tools/',
      'tools',
      'eth_call',
      'textDocument/hover',
      'message/send',
      'Initialize',
      '__proto__',
    ]) {
      expect(isMcpMethod(method), method).toBe(false);
    }
  });
});

describe('mcpScore', () => {
  const mcp: [string, Sketch][] = [
    ['a call', { body: rpc('tools/call') }],
    ['a batch', { body: [rpc('ping'), rpc('tools/list')] }],
    ['a session header', { method: 'DELETE', sent: { 'Mcp-Session-Id': 's' } }],
    ['a method header without a body', { sent: { 'MCP-Method': 'tools/call' }, status: 401 }],
    ['a session given', { received: { 'MCP-SESSION-ID': 's' } }],
    [
      'a challenge to a post that accepts both',
      { sent: { accept: both }, status: 401, received: { 'www-authenticate': 'Bearer resource_metadata="https://x"' } },
    ],
    ['a version header beside another signal', { sent: { accept: both, 'mcp-protocol-version': '2025-06-18' } }],
    [
      'a legacy stream',
      { method: 'GET', type: 'text/event-stream', answer: 'event: endpoint\ndata: /message?sessionId=1\n\n' },
    ],
    [
      'events that carry an MCP result',
      { type: 'text/event-stream', answer: `data: ${result({ tools: [{ inputSchema: {} }] })}\n\n` },
    ],
  ];
  it.each(mcp)('counts three or more for %s', (_, sketch) => {
    expect(mcpScore(exchange(sketch))).toBeGreaterThanOrEqual(3);
  });

  const other: [string, Sketch][] = [
    ['a page', { method: 'GET', url: 'https://a/mcp', type: 'text/html', answer: '<html>' }],
    [
      'another JSON-RPC protocol',
      { body: rpc('eth_call'), sent: { accept: both }, type: 'text/event-stream', answer: `data: ${result({})}\n\n` },
    ],
    [
      'discovery with a version header',
      { method: 'GET', sent: { 'MCP-Protocol-Version': '2025-11-25' }, answer: '{"resource":"x"}' },
    ],
    [
      'a challenge to a get',
      { method: 'GET', status: 401, received: { 'www-authenticate': 'Bearer resource_metadata="https://x"' } },
    ],
    ['a plain event stream', { method: 'GET', type: 'text/event-stream', answer: 'data: tick\n\n' }],
    [
      'a preflight',
      {
        part: 'preflight',
        method: 'OPTIONS',
        sent: { 'access-control-request-headers': 'content-type, mcp-protocol-version' },
      },
    ],
    [
      'a chat completion',
      { body: { model: 'm', messages: [] }, url: 'https://a/v1/chat/completions', answer: '{"choices":[]}' },
    ],
  ];
  it.each(other)('counts fewer than three for %s', (_, sketch) => {
    expect(mcpScore(exchange(sketch))).toBeLessThan(3);
  });

  it('gives an announced header one point, and the path none by itself', () => {
    const headers = { 'access-control-request-headers': 'authorization,Mcp-Session-Id' };
    expect(mcpScore(exchange({ part: 'preflight', method: 'OPTIONS', sent: headers }))).toBe(1);
    expect(mcpScore(exchange({ url: 'https://a/mcp' }))).toBe(0);
    expect(mcpScore(exchange({ url: 'https://a/mcp', sent: { accept: both } }))).toBe(2);
  });

  it('knows the shapes of MCP results', () => {
    for (const value of [
      { protocolVersion: 'x', serverInfo: {} },
      { content: [], isError: false },
      { resultType: 'complete' },
    ]) {
      expect(mcpSignals(exchange({ answer: result(value) })).response).toBe(2);
    }
    expect(mcpSignals(exchange({ answer: result({ tools: [1] }) })).response).toBe(0);
    expect(mcpSignals(exchange({ body: [rpc('ping'), rpc('x')] })).methods).toEqual(['ping']);
  });

  it('takes any exchange', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom('text/event-stream', 'application/json', ''),
        (url, body, answer, type) => {
          const made = exchange({
            url,
            answer,
            type,
            status: 401,
            sent: { accept: body },
            received: { 'www-authenticate': body },
          });
          const sent = { ...made, request: { ...made.request, body: { ...made.request.body, text: body } } };
          expect(mcpScore(sent)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('operation', () => {
  const of = (method: string, params?: unknown): string => {
    const [message] = readRpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    if (message === undefined || !isRpcRequest(message)) throw new Error('not a request');
    return operation(message);
  };

  it('is the same for a repetition, whatever the order, the id and the incidentals', () => {
    const first = of('tools/call', { name: 'add', arguments: { a: 1, b: { c: 2, d: 3 } } });
    expect(of('tools/call', { _meta: { progressToken: 1 }, arguments: { b: { d: 3, c: 2 }, a: 1 }, name: 'add' })).toBe(
      first,
    );
    expect(
      of('tools/call', { name: 'add', arguments: { a: 1, b: { c: 2, d: 3 } }, inputResponses: {}, requestState: 's' }),
    ).toBe(first);
    expect(of('tools/list', { _meta: {} })).toBe(of('tools/list'));
    expect(of('tools/call', { name: 'x' })).toBe(of('tools/call', { name: 'x', arguments: {} }));
  });

  it('differs by method, name, URI, arguments and page', () => {
    const all = [
      of('tools/call', { name: 'a' }),
      of('tools/call', { name: 'b' }),
      of('prompts/get', { name: 'a' }),
      of('tools/call', { name: 'a', arguments: { x: 1 } }),
      of('tools/call', { name: 'a', arguments: { x: '1' } }),
      of('resources/read', { uri: 'a' }),
      of('tools/list'),
      of('tools/list', { cursor: '2' }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
