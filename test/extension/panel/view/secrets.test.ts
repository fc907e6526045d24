import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretRanges, segments, shortened } from '../../../../src/extension/panel/view/secrets.ts';

const none = { values: new Set<string>() };
const cut = (text: string, part: string, values: string[] = []) =>
  secretRanges(text, part, { values: new Set(values) }).map(([from, to]) => text.slice(from, to));

describe('secretRanges', () => {
  test('finds known values anywhere, once', () => {
    expect(cut('a=opaque-token-1&b=opaque-token-1', 'request.url', ['opaque-token-1', 'token-1&b'])).toEqual([
      'opaque-token-1&b',
      'opaque-token-1',
    ]);
  });

  test('finds what has the form of a JWT', () => {
    expect(cut('{"x":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.sig"}', 'response.content')).toEqual([
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.sig',
    ]);
  });

  test('finds telling names in forms, queries and JSON', () => {
    expect(cut('grant_type=x&code=abc&client_secret=s%20t', 'request.postData')).toEqual(['abc', 's%20t']);
    expect(cut('{"client_secret": "s\\"t", "scope": "a"}', 'response.content')).toEqual(['s\\"t']);
    expect(cut('error_code=abc&barcode=7', 'request.postData')).toEqual([]);
  });

  test('hides credentials and cookies whole', () => {
    expect(cut('Bearer abc', 'request.headers.authorization')).toEqual(['abc']);
    expect(cut('a=1; b=2', 'request.headers.cookie')).toEqual(['a=1; b=2']);
  });
});

describe('segments', () => {
  test('cut where secrets and the mark begin and end', () => {
    const text = '0123456789';
    expect(segments(text, [[2, 6]], [4, 8])).toEqual([
      { text: '01', secret: false, marked: false },
      { text: '23', secret: true, marked: false },
      { text: '45', secret: true, marked: true },
      { text: '67', secret: false, marked: true },
      { text: '89', secret: false, marked: false },
    ]);
  });

  test('joined again they are the text, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (text, value) => {
        const hidden = secretRanges(text, 'response.content', { values: new Set([value]) });
        expect(
          segments(text, hidden, null)
            .map((segment) => segment.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('nothing hidden, nothing marked: one piece', () => {
    expect(segments('abc', secretRanges('abc', 'request.url', none), null)).toHaveLength(1);
  });
});

test('shortened shows six characters of a long secret and none of a short one', () => {
  expect(shortened('abcdefghijklmnop')).toBe('abcdef…');
  expect(shortened('abcdefgh')).toBe('…');
});
