import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRpcRequest, readRpc, readRpcBody } from '../../src/protocol/json-rpc.ts';
import { order, repeated } from '../linear.ts';

describe('readRpc', () => {
  it('reads the examples of JSON-RPC 2.0 section 7', () => {
    expect(readRpc('{"jsonrpc": "2.0", "method": "subtract", "params": {"a": 42}, "id": 1}')).toEqual([
      { kind: 'request', id: 1, method: 'subtract', params: { a: 42 } },
    ]);
    expect(readRpc('{"jsonrpc": "2.0", "method": "update", "params": [1,2,3]}')).toEqual([
      { kind: 'notification', id: null, method: 'update', params: null },
    ]);
    expect(readRpc('{"jsonrpc": "2.0", "result": {}, "id": "3"}')).toEqual([
      { kind: 'result', id: '3', result: {}, error: null },
    ]);
    expect(
      readRpc('{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found", "data": [1]}, "id": null}'),
    ).toEqual([
      { kind: 'error', id: null, result: null, error: { code: -32601, message: 'Method not found', data: [1] } },
    ]);
  });

  it('reads a batch and leaves out what is no message', () => {
    const messages = readRpc(
      '[{"jsonrpc":"2.0","method":"a","id":1},1,{"foo":"boo"},{"jsonrpc":"2.0","id":2,"result":19}]',
    );
    expect(messages.map(({ kind, id }) => [kind, id])).toEqual([
      ['request', 1],
      ['result', 2],
    ]);
    expect(messages.filter(isRpcRequest)).toHaveLength(1);
  });

  it('is strict about the version and takes odd members', () => {
    for (const text of [
      '{}',
      '[]',
      '{"jsonrpc":"1.0","method":"a"}',
      '{"jsonrpc":2.0,"method":"a"}',
      '{"jsonrpc":"2.0"}',
      'x',
    ]) {
      expect(readRpc(text), text).toEqual([]);
    }
    expect(readRpc('{"jsonrpc":"2.0","id":{},"error":{}}')).toEqual([
      { kind: 'error', id: null, result: null, error: { code: null, message: '', data: undefined } },
    ]);
  });

  it('reads back what is written', () => {
    const id = fc.oneof(fc.integer(), fc.string());
    fc.assert(
      fc.property(
        id,
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (id, method, params) => {
          const [message] = readRpc(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
          expect(message).toMatchObject({ kind: 'request', id, method });
          expect(JSON.stringify(message && isRpcRequest(message) ? message.params : null)).toBe(JSON.stringify(params));
        },
      ),
    );
  });
});

describe('readRpcBody', () => {
  it('reads each event of a stream, and skips what is none or was cut', () => {
    const text =
      'data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\nevent: message\ndata: {"jsonrpc":"2.0",\ndata: "id":1,"result":{}}\n\ndata: {"jsonrpc":"2.0","id":2,"res';
    for (const type of ['text/event-stream', 'text/event-stream; charset=utf-8', '']) {
      expect(readRpcBody(text, type).map(({ kind }) => kind)).toEqual(['notification', 'result']);
    }
    expect(readRpcBody(text, 'application/json')).toEqual([]);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'text/event-stream', 'application/json'),
        (text, type) => {
          expect(Array.isArray(readRpcBody(text, type))).toBe(true);
        },
      ),
    );
  });

  it.each(['data:{}\n\n', 'data:[\n', '{"jsonrpc":', 'data:{"jsonrpc":"2.0","method":"a"}\n\n'])(
    'is linear on %j',
    (piece) => {
      expect(
        order(
          (text) => readRpcBody(text, 'text/event-stream'),
          (n) => repeated(piece, n),
        ),
      ).toBeLessThan(1.7);
      expect(order(readRpc, (n) => repeated(piece, n))).toBeLessThan(1.7);
    },
  );
});
