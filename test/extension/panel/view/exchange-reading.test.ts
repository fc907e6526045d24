import { describe, expect, test } from 'vitest';
import { readEntry } from '../../../../src/exchange/read-har.ts';
import { readExchange } from '../../../../src/extension/panel/view/exchange-reading.ts';
import { rpcInWords } from '../../../../src/extension/panel/view/rpc-titles.ts';

function answered(text: string, mimeType = 'application/json') {
  const content = { mimeType, text, size: text.length };
  return readEntry(
    {
      request: { method: 'GET', url: 'https://as.example/x', headers: [] },
      response: { status: 200, headers: [], content },
    },
    0,
    [],
    0,
  );
}

describe('an exchange as read', () => {
  test('marks the member of metadata that evidence points at', () => {
    const text = '{"issuer":"https://as.example","token_endpoint":"https://as.example/token","scopes_supported":["a"]}';
    const at = text.indexOf('https://as.example/token');
    const [reading] = readExchange(answered(text), {
      entry: 0,
      part: 'response.content',
      range: [at, at + 5],
      note: '',
    });
    expect(reading?.kind).toBe('parameters');
    const marked = reading?.kind === 'parameters' ? reading.parameters.filter((one) => one.marked) : [];
    expect(marked.map(({ name }) => name)).toEqual(['token_endpoint']);
  });

  test('shows each event of a stream with what it carries', () => {
    const text = 'id: 7\ndata: {"jsonrpc":"2.0","id":3,"result":{}}\n\nevent: ping\ndata: now\n\n';
    expect(readExchange(answered(text, 'text/event-stream'), null)).toMatchObject([
      { kind: 'json', title: 'Event 1, id 7 · JSON-RPC result · id 3' },
      { kind: 'json', title: 'Event 2 (ping), id 7', text: 'now' },
    ]);
  });

  test('names JSON-RPC messages', () => {
    const words = (message: object) => rpcInWords({ jsonrpc: '2.0', ...message });
    expect(words({ id: 3, method: 'tools/call', params: { name: 'search' } })).toBe(
      'JSON-RPC request · tools/call search · id 3',
    );
    expect(words({ method: 'notifications/initialized' })).toBe('JSON-RPC notification · notifications/initialized');
    expect(words({ id: 'a', error: { code: -32001, message: 'Unauthorized' } })).toBe(
      'JSON-RPC error · -32001 Unauthorized · id a',
    );
    expect(rpcInWords([{ jsonrpc: '2.0', id: 1, result: {} }, {}])).toBe('JSON-RPC result · id 1 · and 1 more');
    expect(rpcInWords({ id: 1 })).toBeNull();
  });
});
