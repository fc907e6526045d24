import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import { type Addressee, issueText } from '../../src/report/markdown/issue.ts';
import { stepUp, values } from '../cli/fixtures.ts';
import { har, signIn } from './hars.ts';

const session = analyze(har(stepUp('files:other')), { name: 'session.har' });
const faults = session.result.outcomes.filter(({ kind }) => kind === 'fail');
const addressees: readonly Addressee[] = ['client', 'server', 'authorization-server', 'sdk'];

describe('a finding as an issue', () => {
  it('says what happened, where, what the specification says, and what would mend it', () => {
    const sample = new URL('../../src/extension/panel/sample/session.json', import.meta.url);
    const recorded = analyze(JSON.parse(readFileSync(sample, 'utf8')), { name: 'sample.har' });
    const fault = recorded.result.outcomes.find(
      ({ rule, kind }) => rule === 'sep-2350-scope-union-on-reauth' && kind === 'fail',
    );
    if (fault === undefined) throw new Error('the sample has lost its fault');
    const text = issueText(recorded, fault, 'client');
    expect(text).toContain('**What happened.**');
    expect(text).toMatch(/^- Exchange \d+/m);
    expect(text).toMatch(/\]\(https:\/\/modelcontextprotocol\.io\/specification/);
    expect(text).toContain('MCP server `');
    expect(text).toContain('- client `');
  });

  it('says whose fault it is where the tracker is another’s', () => {
    const [fault] = faults.filter(({ party }) => party === 'client');
    if (fault === undefined) throw new Error('no fault of the client');
    expect(issueText(session, fault, 'client')).not.toContain('By the specification this is up to');
    expect(issueText(session, fault, 'server')).toContain('By the specification this is up to the client.');
    expect(issueText(session, fault, 'sdk')).toContain('this SDK');
  });

  it('holds no secret, whomever it is for', () => {
    for (const outcome of faults.slice(0, 6)) {
      for (const addressee of addressees) {
        const text = issueText(session, outcome, addressee);
        for (const secret of [values.access, values.refresh, values.code]) expect(text).not.toContain(secret);
      }
    }
  });

  it('is text whatever strangers send: no mention, no link, no markup', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            '<script>',
            '@all',
            '#1',
            '![a](http://e)',
            '[l](javascript:x)',
            '`',
            '|',
            '*',
            '_',
            ' ',
            '\n',
            '\u202e',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, (scope) => {
        const analysis = analyze(har(signIn({ ...values, scope })), { name: 'x.har' });
        for (const outcome of analysis.result.outcomes
          .filter(({ kind }) => kind === 'fail' || kind === 'open')
          .slice(0, 3)) {
          const html = marked.parse(issueText(analysis, outcome, 'client'), { async: false });
          const outside = html.replaceAll(/<code>[^<]*<\/code>/g, '');
          expect(outside).not.toMatch(/<script|<img|@all|javascript:|#1\b|\u202e/);
          expect([...html.matchAll(/<a href="([^"]*)"/g)].every(([, address]) => address?.startsWith('https://'))).toBe(
            true,
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
