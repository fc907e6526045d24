import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionsUnauthorized, readContent } from '../../src/protocol/model-text.ts';
import { order, repeated } from '../linear.ts';

describe('mentionsUnauthorized', () => {
  it('knows what the MCP SDKs say', () => {
    const sentences = [
      'Unauthorized',
      'Server returned 401 after re-authentication',
      'Streamable HTTP error: Server returned 401 after successful authentication',
      'MCP HTTP Transport Error: POSTing to endpoint (HTTP 401): {"error":"invalid_token"}',
      'Auth required',
      'HTTP401',
      'HTTP   401',
      'the token has expired',
      'JWT expired',
      'please reauthenticate',
      'unauthorised',
      'invalid token',
      'status: needs_reauth',
    ];
    for (const sentence of sentences) expect(mentionsUnauthorized(sentence), sentence).toBe(true);
  });

  it('does not cry at numbers and other errors', () => {
    for (const text of [
      '',
      'order 4012',
      '1401',
      'x401',
      'Server returned an error response',
      'authorized',
      'Insufficient scope',
      'token expires soon',
    ]) {
      expect(mentionsUnauthorized(text), text).toBe(false);
    }
  });

  it.each(['HTTP ', 'token ', 're-', ' ', '40', 'invalid', 'token has'])('is linear on %j', (piece) => {
    expect(order(mentionsUnauthorized, (n) => repeated(piece, n))).toBeLessThan(1.7);
  });
});

describe('readContent', () => {
  it('reads every wrapping of a text', () => {
    expect(readContent('x')).toEqual({ text: 'x', isError: false, carrier: 'x' });
    expect(readContent(['a', { type: 'text', text: 'b' }, { type: 'image' }])).toEqual({
      text: 'a\nb',
      isError: false,
      carrier: 'a',
    });
    expect(readContent({ content: [{ type: 'text', text: 'no' }], isError: true })).toEqual({
      text: 'no',
      isError: true,
      carrier: 'no',
    });
    expect(readContent('{"content":[],"isError":true}').isError).toBe(true);
    expect(readContent([{ json: { b: 1, a: 2 } }]).text).toBe('{"a":2,"b":1}');
    expect(readContent({ temperature: 3 }).text).toBe('{"temperature":3}');
    for (const nothing of [null, undefined, []]) expect(readContent(nothing).text).toBe('');
  });

  it('takes any value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (value) => typeof readContent(value).text === 'string',
      ),
    );
  });
});
