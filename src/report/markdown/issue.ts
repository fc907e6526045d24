import type { Party } from '../../rules/outcome.ts';
import { findRule } from '../../rules/registry.ts';
import type { Analysis } from '../analysis.ts';
import { partName, quote } from '../evidence.ts';
import { answerWords, requestWords } from '../html/words.ts';
import type { ResultOutcome } from '../result.ts';
import { defaultExport, type ExportOptions, shareable } from '../share.ts';
import { shorten } from '../text.ts';
import { duration, partyNames } from '../words.ts';
import { code, markdownText } from './escape.ts';
import { softwareOf } from './software.ts';

/** Whose tracker an issue is for. */
export type Addressee = Party | 'sdk';

const mostEvidence = 6;
/** UTF-16 code units quoted on each side of the characters that matter. */
const around = 60;

/**
 * One finding as an issue for a tracker, in GitHub Flavored Markdown: what happened, what the specification says,
 * the exchanges, the fix and the software. Redacted; text of strangers can neither become markup nor mention or link.
 *
 * @param outcome one of `analysis.result.outcomes`
 */
export function issueText(
  analysis: Analysis,
  outcome: ResultOutcome,
  addressee: Addressee,
  options: ExportOptions = defaultExport,
): string {
  const shown = shareable(analysis, options);
  const told = sameIn(shown, outcome);
  const title = findRule(outcome.rule)?.title ?? outcome.rule;
  const sections = [
    `## ${markdownText(title)}`,
    `${addressees[addressee]}${addressee === told.party || addressee === 'sdk' ? '' : ` By the specification this is up to the ${partyNames[told.party]}.`}`,
    `**What happened.** ${markdownText(shorten(told.message, 1_000))}`,
    specification(told),
    evidence(shown, told),
    ...(told.fix === '' ? [] : [`**What would mend it.** ${markdownText(told.fix)}`]),
    environment(shown, told),
    `<sub>Found by ${shown.result.tool.name} ${shown.result.tool.version}, rule ${code(told.rule)}. Secrets and personal texts are replaced by aliases.</sub>`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const addressees: Readonly<Record<Addressee, string>> = {
  client: 'Seen in the HTTP traffic of this MCP client.',
  server: 'Seen in the HTTP traffic of an MCP client with this MCP server.',
  'authorization-server': 'Seen in the HTTP traffic of an MCP client with this authorization server.',
  sdk: 'Seen in the HTTP traffic of an application that is built with this SDK. Whether the SDK or the application chose it, traffic does not tell.',
};

/** The outcome as the redacted copy tells it. */
function sameIn({ result }: Analysis, outcome: ResultOutcome): ResultOutcome {
  const place = (one: ResultOutcome): string =>
    JSON.stringify([one.rule, one.kind, one.level, one.evidence.map(({ entry, part }) => [entry, part])]);
  const wanted = place(outcome);
  const alike = result.outcomes.filter((one) => place(one) === wanted);
  const told = alike.find(({ subject }) => subject === outcome.subject) ?? alike[0];
  // It cannot be told apart from the original's wording without the copy: say nothing of values then.
  return told ?? { ...outcome, subject: '', message: findRule(outcome.rule)?.title ?? outcome.rule, evidence: [] };
}

function specification({ rule, spec }: ResultOutcome): string {
  const links = findRule(rule)?.spec ?? [];
  const lines = spec.flatMap((address) => {
    const own = links.find(({ url }) => url === address);
    return own === undefined ? [] : [`- ${link(own.text, own.url)}`];
  });
  return lines.length === 0 ? '' : ['**What the specification says.**', '', ...lines].join('\n');
}

/** Addresses come from our own rule table; one that could end the link is shown as text all the same. */
function link(text: string, address: string): string {
  const words = markdownText(text);
  return /^https:\/\/[A-Za-z0-9./#?=&_~%+-]+$/.test(address) ? `[${words}](${address})` : `${words}: ${code(address)}`;
}

function evidence({ exchanges, story }: Analysis, outcome: ResultOutcome): string {
  if (outcome.evidence.length === 0) return '';
  const sentAt = (entry: number): number => exchanges[entry]?.sent ?? 0;
  const first = Math.min(...outcome.evidence.map(({ entry }) => sentAt(entry)));
  const inTime = outcome.evidence.slice(0, mostEvidence).sort((a, b) => sentAt(a.entry) - sentAt(b.entry));
  const lines = inTime.flatMap((one) => {
    const exchange = exchanges[one.entry];
    if (exchange === undefined) return [];
    const role = story.roleOf(one.entry);
    const words = `${requestWords(exchange, role, story)} → ${answerWords(exchange, role, story)}`;
    const after = exchange.sent > first ? `, ${duration(exchange.sent - first)} later` : '';
    const seen = quote(exchange, one, around);
    const quoted = seen === null ? '' : `: ${code(`${seen.before}${seen.quoted}${seen.after}`)}`;
    const pointed =
      seen === null || seen.quoted === '' || seen.before + seen.after === '' ? '' : ` (${code(seen.quoted)})`;
    const note = one.note === '' || one.note === seen?.quoted ? '' : `. ${markdownText(shorten(one.note, 200))}`;
    return [
      `- Exchange ${one.entry}${after}, ${code(shorten(words, 160))}`,
      `  - ${markdownText(partName(one.part))}${quoted}${pointed}${note}`,
    ];
  });
  if (outcome.evidence.length > mostEvidence) lines.push(`- and ${outcome.evidence.length - mostEvidence} more places`);
  return ['**Where it shows.**', '', ...lines].join('\n');
}

function environment(analysis: Analysis, { subject }: ResultOutcome): string {
  const { story } = analysis;
  const server = story.servers.find(({ url, issuers }) => url === subject || issuers.includes(subject));
  const chain = story.chains.find(
    (one) => one.server === server && (one.issuer === subject || server?.url === subject),
  );
  const { client, server: serverSoftware } = softwareOf(server);
  const lines = [
    ...(server === undefined
      ? []
      : [`- MCP server ${code(server.url)}${serverSoftware === null ? '' : ` (${code(serverSoftware)})`}`]),
    ...(server?.revision == null ? [] : [`- MCP revision ${server.revision}`]),
    ...(chain === undefined ? [] : [`- authorization server ${code(chain.issuer)}`]),
    ...(client === null ? [] : [`- client ${code(client)}`]),
    ...(chain?.registration == null
      ? []
      : [
          `- registered by ${chain.registration.source === 'dcr' ? 'dynamic client registration' : 'client ID metadata document'}`,
        ]),
  ];
  return lines.length === 0 ? '' : ['**Environment.**', '', ...lines].join('\n');
}
