import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/report/analyze.ts';
import { checksOf, recordings } from './corpus.ts';

const recorded = recordings('conformance');

describe.skipIf(recorded.length === 0)(
  'recordings of the conformance suite (set MCP_AUTH_CORPUS to their folder)',
  () => {
    it.each(recorded)('$name: the referee is not contradicted', ({ name, har }) => {
      const { outcomes } = analyze(har, { name }).result;
      const passed = new Set(checksOf(name).flatMap(({ id, status }) => (status === 'SUCCESS' ? [id] : [])));
      for (const { id, status } of checksOf(name)) if (status === 'FAILURE' || status === 'WARNING') passed.delete(id);
      const contradicted = outcomes.filter(({ kind, rule }) => kind === 'fail' && passed.has(rule));
      expect(contradicted.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    });
  },
);
