import { findRule, rulePage } from '../../rules/registry.ts';
import type { ReportingDescriptor } from './types.ts';

/** A rule as SARIF describes it (section 3.49); its help is its whole page, or in short the fix and the links. */
export async function descriptorOf(id: string, isShort: boolean): Promise<ReportingDescriptor> {
  const rule = findRule(id);
  if (rule === null) return unknownRule(id);
  const [link] = rule.spec;
  const page = isShort ? null : await rulePage(rule.id);
  const links = rule.spec.map(({ text, url }) => `${text}: ${url}`);
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: `${rule.title}. ${rule.fix}` },
    help: {
      text: [rule.fix, ...links].join('\n'),
      markdown: page ?? [rule.fix, ...links.map((line) => `- ${line}`)].join('\n\n'),
    },
    ...(link === undefined ? {} : { helpUri: link.url }),
    defaultConfiguration: { level: rule.level },
    properties: {
      party: rule.party,
      since: rule.since,
      tags: ['mcp', 'oauth', 'authorization', rule.party],
      'problem.severity': rule.level === 'note' ? 'recommendation' : rule.level,
    },
  };
}

function unknownRule(id: string): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: id },
    fullDescription: { text: id },
    help: { text: id, markdown: id },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['mcp', 'authorization'] },
  };
}
