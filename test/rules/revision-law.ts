import { expect } from 'vitest';
import { type Revision, revisions } from '../../src/protocol/mcp.ts';
import { analyze } from '../../src/report/analyze.ts';
import type { Outcome } from '../../src/rules/outcome.ts';
import { findRule } from '../../src/rules/registry.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { outcomes } from '../traffic/verdicts.ts';

/**
 * The revision that a server is judged by, negotiated or given (`--spec`), decides: before the first revision that asks
 * for something, its lack is no error, and the message says from which
 * revision it holds; from that revision on no message speaks of guidance to come. Every log in which a test sees a rule
 * fail is judged by each revision.
 */
export function expectRevisionLaw(log: Traffic, id: string): void {
  const rule = findRule(id);
  const { since } = rule ?? {};
  if (!rule || !since || since === revisions[0] || !fails(outcomes(log), id)) return;
  const key = `${id} ${JSON.stringify(log.har())}`;
  if (lawful.has(key)) return;
  lawful.add(key);
  expectUnknown(log, id, since);
  for (const spec of revisions) {
    const { result } = analyze(log.har(), { name: 'traffic', spec });
    const early = revisions.indexOf(spec) < revisions.indexOf(since);
    for (const { rule: found, kind, level, message } of result.outcomes) {
      if (found !== id || kind !== 'fail') continue;
      if (early) {
        expect(level, `${id} in ${spec}, although ${since} is the first to ask for it: ${message}`).not.toBe('error');
        expect(message, `${id} in ${spec}: not said from when it holds`).toContain(`from ${since}`);
      } else expect(message, `${id} in ${spec}: it is no guidance any more`).not.toContain('guidance from');
    }
  }
}

/** While no revision is known, what only the newest asks for is no error, and the message says from which it holds (rules.md 0.A). */
function expectUnknown(log: Traffic, id: string, since: Revision): void {
  if (revisions.indexOf(since) <= revisions.indexOf('2025-11-25')) return;
  const text = revisions.reduce((har, revision) => har.replaceAll(revision, NO_REVISION), JSON.stringify(log.har()));
  for (const { rule, kind, level, message } of analyze(JSON.parse(text), { name: 'traffic' }).result.outcomes) {
    if (rule !== id || kind !== 'fail') continue;
    expect(level, `${id} while the revision is unknown: ${message}`).not.toBe('error');
    expect(message, `${id} while the revision is unknown: not said from when it holds`).toContain(`from ${since}`);
  }
}

/** Older than any, and no revision of MCP. */
const NO_REVISION = '0000-00-00';

function fails(found: readonly Outcome[], id: string): boolean {
  return found.some(({ rule, kind }) => rule === id && kind === 'fail');
}

/** Rules and logs for which the law has been shown. */
const lawful = new Set<string>();
