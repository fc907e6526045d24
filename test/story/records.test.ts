import { describe, expect, test } from 'vitest';
import { readHar } from '../../src/exchange/read-har.ts';
import { isSameRecord } from '../../src/story/records.ts';

interface Record {
  readonly after?: number;
  readonly sent?: string;
  readonly headers?: Readonly<{ [name: string]: string }>;
}

const record = ({ after = 0, sent = 'code=a', headers = {} }: Record) => ({
  startedDateTime: new Date(1_750_000_000_000 + after).toISOString(),
  time: 30,
  request: {
    method: 'POST',
    url: 'https://as.example.com/token',
    headers: [],
    postData: { mimeType: 'application/x-www-form-urlencoded', text: sent },
  },
  response: {
    status: 400,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    content: { mimeType: 'application/json', text: '{"error":"invalid_grant"}' },
  },
});

/** Whether the second of two records is of the same request as the first. */
function isSecondRecord(first: Record, second: Record): boolean {
  const [one, other] = readHar({ log: { entries: [record(first), record(second)] } }).exchanges;
  if (!one || !other) throw new Error('two exchanges were read');
  return isSameRecord(one, other);
}

describe('one request, recorded twice', () => {
  test.each<[string, boolean, Record, Record]>([
    ['the same texts at once', true, {}, { after: 4 }],
    ['a header field that one record lacks', true, { headers: { date: 'Sun' } }, { after: 4 }],
    ['a header field that is the same in each answer', true, { headers: { vary: 'a' } }, { headers: { vary: 'b' } }],
    ['later', false, {}, { after: 51 }],
    ['another request', false, {}, { after: 4, sent: 'code=b' }],
    ['two answers', false, { headers: { 'cf-ray': '1' } }, { after: 4, headers: { 'CF-Ray': '2' } }],
  ])('%s: %s', (_, expected, first, second) => {
    expect(isSecondRecord(first, second)).toBe(expected);
  });
});
