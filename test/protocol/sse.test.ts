import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventStream } from '../../src/protocol/sse.ts';
import { order, repeated } from '../linear.ts';

const data = (text: string) => parseEventStream(text).map((event) => event.data);

describe('parseEventStream', () => {
  it('reads the examples of WHATWG HTML section 9.2.6', () => {
    expect(data('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual(['YHOO\n+2\n10']);
    expect(
      parseEventStream(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n'),
    ).toEqual([
      { event: 'message', data: 'first event', id: '1' },
      { event: 'message', data: 'second event', id: '' },
      { event: 'message', data: ' third event', id: '' },
    ]);
    expect(data('data\n\ndata\ndata\n\n')).toEqual(['', '\n']);
    expect(data('data:test\n\ndata: test\n\n')).toEqual(['test', 'test']);
  });

  it('takes LF, CRLF and CR as line ends, and a BOM', () => {
    const expected = [{ event: 'e', data: 'a\nb', id: null }];
    for (const end of ['\n', '\r\n', '\r']) {
      expect(parseEventStream(`\ufeff${['event: e', 'data: a', 'data: b', '', ''].join(end)}`)).toEqual(expected);
    }
  });

  it('keeps an event that the recording cut off', () => {
    expect(data('data: a\n\ndata: {"hal')).toEqual(['a', '{"hal']);
  });

  it('drops events without data, unknown fields, and ids with NUL', () => {
    expect(parseEventStream('event: ping\n\nretry: 5\nfoo: x\nid: a\u0000b\ndata: y\n\n')).toEqual([
      { event: 'message', data: 'y', id: null },
    ]);
  });

  it('reads back what a server writes', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ':', ' ', '{', 'é', '\u2028') });
    const event = fc.record({ event: fc.constantFrom('message', 'endpoint'), lines: fc.array(line, { minLength: 1 }) });
    fc.assert(
      fc.property(fc.array(event), fc.constantFrom('\n', '\r\n', '\r'), (events, end) => {
        const text = events
          .map((each) => [`event: ${each.event}`, ...each.lines.map((text) => `data: ${text}`), '', ''].join(end))
          .join('');
        expect(parseEventStream(text).map((each) => [each.event, each.data])).toEqual(
          events.map((each) => [each.event, each.lines.join('\n')]),
        );
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseEventStream(text))));
  });

  it.each(['\n', '\r', 'data\n', 'data:a\n\n', ':', 'a', 'id:\n'])('is linear on %j', (piece) => {
    expect(order(parseEventStream, (n) => repeated(piece, n))).toBeLessThan(1.7);
  });
});
