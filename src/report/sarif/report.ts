import type { Analysis } from '../analysis.ts';
import { timestamp } from '../analyze.ts';
import { identityOf } from '../compare.ts';
import { partName } from '../evidence.ts';
import { hexSha256 } from '../hash.ts';
import { answerWords, requestWords } from '../html/words.ts';
import type { ResultOutcome } from '../result.ts';
import { defaultExport, type ExportOptions, shareable } from '../share.ts';
import { causeWords, signInExchanges } from '../sign-in.ts';
import { visible, visibleLine } from '../text.ts';
import type { Region } from './entry-regions.ts';
import { descriptorOf } from './rules.ts';
import type { CodeFlow, Location, Run, SarifLog, SarifResult } from './types.ts';
import { webRequest, webResponse } from './web.ts';

/** One input of a SARIF log. */
export interface SarifInput {
  readonly analysis: Analysis;
  /** The folder of the HAR, relative to the root of the repository, with `/`; empty for the root itself. */
  readonly folder?: string;
  /** Where each entry stands in the text of the HAR; without it results point at the file as a whole. */
  readonly regions?: readonly Region[];
}

/** UTF-16 units of a body that a result and a step of a sign-in carry. */
const bodyOfResult = 8192;
const bodyOfStep = 1024;
const mostSteps = 60;

/**
 * SARIF 2.1.0 text, one run for each input: kinds and levels as the result has them, the exchange of the
 * first evidence as `webRequest` and `webResponse`, each sign-in as a `codeFlow` whose steps carry theirs.
 * Drawn from the redacted copy; only the regions are the original's.
 */
export async function sarifReport(
  inputs: readonly SarifInput[],
  options: ExportOptions = defaultExport,
): Promise<string> {
  return sarifLog(await Promise.all(inputs.map((input) => sarifRun(input, options))));
}

/** The text of a log of these runs. */
export function sarifLog(runs: readonly Run[]): string {
  const log: SarifLog = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs,
  };
  return `${JSON.stringify(log)}\n`;
}

/** One input as a run, so that inputs can be read one after the other. */
export async function sarifRun(
  { analysis, folder = '', regions = [] }: SarifInput,
  options: ExportOptions = defaultExport,
): Promise<Run> {
  const shown = shareable(analysis, options);
  const { result } = shown;
  const uri = uriOf(folder, result.source.name);
  const ids = [...new Set(result.outcomes.map(({ rule }) => rule))].sort();
  // A rule that only passed is not looked up: its whole page would make the log several times as long.
  const found = new Set(result.outcomes.flatMap(({ kind, rule }) => (kind === 'fail' ? [rule] : [])));
  const ruleIndex = new Map(ids.map((id, index) => [id, index]));
  const places = new Places(uri, regions);
  const flows = flowsOf(shown, places);
  const ordinals = new Map<string, number>();
  const results = result.outcomes.map((outcome, index): SarifResult => {
    const [first] = outcome.evidence;
    const exchange = first === undefined ? undefined : shown.exchanges[first.entry];
    const isFinding = outcome.kind === 'fail' || outcome.kind === 'informational';
    const bodyLength = isFinding ? bodyOfResult : 0;
    const related = outcome.evidence.slice(1).map((evidence, number) => ({
      id: number + 1,
      ...places.of(evidence.entry, `${partName(evidence.part)}: ${evidence.note}`),
    }));
    const codeFlows = flows.get(index) ?? [];
    return {
      ruleId: outcome.rule,
      ruleIndex: ruleIndex.get(outcome.rule) ?? -1,
      kind: outcome.kind,
      level: outcome.kind === 'fail' ? outcome.level : 'none',
      message: { text: messageOf(outcome) },
      locations: [places.of(first?.entry ?? null, first === undefined ? '' : `${partName(first.part)}: ${first.note}`)],
      ...(related.length === 0 ? {} : { relatedLocations: related }),
      partialFingerprints: { 'mcpAuthOutcome/v1': fingerprint(outcome, ordinals) },
      ...(outcome.baselineState === undefined ? {} : { baselineState: outcome.baselineState }),
      ...(outcome.expected === undefined
        ? {}
        : { suppressions: [{ kind: 'external' as const, justification: outcome.expected.reason }] }),
      ...(exchange === undefined
        ? {}
        : { webRequest: webRequest(exchange, bodyLength), webResponse: webResponse(exchange, bodyLength) }),
      ...(codeFlows.length === 0 ? {} : { codeFlows }),
      properties: {
        party: outcome.party,
        subject: visible(outcome.subject),
        fix: visible(outcome.fix),
        spec: outcome.spec,
        entries: [...new Set(outcome.evidence.map(({ entry }) => entry))],
        ...(outcome.missing === undefined ? {} : { missing: outcome.missing }),
      },
    };
  });
  return {
    tool: {
      driver: {
        name: result.tool.name,
        version: result.tool.version,
        semanticVersion: result.tool.version,
        rules: await Promise.all(ids.map((id) => descriptorOf(id, !found.has(id)))),
      },
    },
    columnKind: 'utf16CodeUnits',
    artifacts: [{ location: { uri }, mimeType: 'application/json' }],
    results,
    properties: { entries: result.source.entries, redacted: result.source.redacted, summary: result.summary },
  };
}

/** A message may not be empty, and `{`, `[` and `\` mean something in one (section 3.11.5 and 3.11.6). */
function messageOf(outcome: ResultOutcome): string {
  const text = visible(outcome.message === '' ? outcome.rule : outcome.message);
  return plainMessage(outcome.kind === 'fail' && outcome.fix !== '' ? `${text} ${visible(outcome.fix)}` : text);
}

/** Text of a message: no placeholder, no embedded link, whatever it holds. */
export function plainMessage(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('[', '\\[')
    .replaceAll(']', '\\]')
    .replaceAll('{', '{{')
    .replaceAll('}', '}}');
}

/** The same fault in the next recording has the same print: nothing of entries, aliases, times or wording is in it. */
function fingerprint(outcome: ResultOutcome, ordinals: Map<string, number>): string {
  const identity = `${outcome.kind} ${identityOf(outcome)}`;
  const ordinal = (ordinals.get(identity) ?? 0) + 1;
  ordinals.set(identity, ordinal);
  return `${hexSha256(identity)}:${ordinal}`;
}

/** A relative reference (RFC 3986 section 4.2) without a scheme, a host or a step upwards. */
function uriOf(folder: string, name: string): string {
  const file = name === '-' || name === '' ? 'standard-input.har' : name;
  return [...folder.split('/'), file]
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => encodeURIComponent(visibleLine(part)))
    .join('/');
}

/** Locations in the HAR: the file, the entry's region where it is known, the entry's name. */
class Places {
  readonly #uri: string;
  readonly #regions: readonly Region[];

  constructor(uri: string, regions: readonly Region[]) {
    this.#uri = uri;
    this.#regions = regions;
  }

  of(entry: number | null, text: string): Location {
    const region = entry === null ? undefined : this.#regions[entry];
    return {
      physicalLocation: {
        artifactLocation: { uri: this.#uri, index: 0 },
        ...(region === undefined ? {} : { region: { ...region } }),
      },
      ...(entry === null
        ? {}
        : { logicalLocations: [{ fullyQualifiedName: `log.entries[${entry}]`, kind: 'object' }] }),
      ...(text === '' ? {} : { message: { text: plainMessage(visibleLine(text)) } }),
    };
  }
}

/**
 * The sign-ins by index of outcome: each with the faults and harms that point into it, and every one
 * of them with at least one outcome, so that the log holds them all.
 */
function flowsOf(analysis: Analysis, places: Places): ReadonlyMap<number, readonly CodeFlow[]> {
  const flows = new Map<number, CodeFlow[]>();
  const { outcomes } = analysis.result;
  for (const grant of analysis.story.grants) {
    if (grant.server === null) continue;
    const exchanges = signInExchanges(grant, analysis);
    const entries = new Set(exchanges.map(({ entry }) => entry));
    const concerned = outcomes.flatMap((outcome, index) =>
      outcome.evidence.some(({ entry }) => entries.has(entry)) ? [index] : [],
    );
    const findings = concerned.filter((index) => {
      const kind = outcomes[index]?.kind;
      return kind === 'fail' || kind === 'informational';
    });
    const carriers = findings.length > 0 ? findings : concerned.slice(0, 1);
    if (carriers.length === 0) continue;
    const flow: CodeFlow = {
      message: { text: plainMessage(visibleLine(`${grant.id}: ${causeWords[grant.cause]} to ${grant.server.url}`)) },
      threadFlows: [
        {
          id: grant.id,
          locations: exchanges.slice(0, mostSteps).map((exchange, step) => {
            const role = analysis.story.roles.get(exchange.entry) ?? null;
            const words = `${requestWords(exchange, role, analysis.story)}: ${answerWords(exchange, role, analysis.story)}`;
            const time = timestamp(exchange.sent);
            return {
              location: places.of(exchange.entry, words),
              executionOrder: step + 1,
              ...(time === null ? {} : { executionTimeUtc: time }),
              importance: role?.kind === 'authorization-page' ? ('unimportant' as const) : ('important' as const),
              webRequest: webRequest(exchange, bodyOfStep),
              webResponse: webResponse(exchange, bodyOfStep),
            };
          }),
        },
      ],
    };
    for (const index of carriers) flows.set(index, [...(flows.get(index) ?? []), flow]);
  }
  return flows;
}
