/**
 * MCP Auth Inspector as a library: what the command line does, in a program or a test.
 *
 *     import { analyze, counts } from 'mcp-auth-inspector';
 *     const { result } = analyze(JSON.parse(har), { name: 'session.har' });
 *     const faults = result.outcomes.filter((outcome) => counts(outcome, { failOn: 'warning', party: 'client' }));
 *
 * Nothing here reads a file or the network, and no input makes `analyze` throw. An `Analysis` holds live
 * secrets; every report is drawn from a redacted copy unless told otherwise.
 */

export type { Exchange } from './exchange/exchange.ts';
export type { Analysis } from './report/analysis.ts';
export { type AnalyzeOptions, analyze, Session } from './report/analyze.ts';
export { type Comparable, compare, type Difference, type FixedFault, type UnchangedFault } from './report/compare.ts';
export { annotatedHar, redactedHar } from './report/har.ts';
export { htmlReport } from './report/html/report.ts';
export { redactedResult, resultJson } from './report/json.ts';
export { junitReport } from './report/junit.ts';
export type { ServerLevels } from './report/levels.ts';
export { markdownReport } from './report/markdown/report.ts';
export { counts, type Expectation, type Expectations, type Threshold } from './report/marks.ts';
export { ndjsonLine } from './report/ndjson.ts';
export type { Note, SessionNotes } from './report/notes.ts';
export {
  defaultRedaction,
  type Redaction,
  type RedactionLevel,
  type RedactionOptions,
  redact,
} from './report/redaction/redact.ts';
export type {
  Result,
  ResultExpectation,
  ResultGrant,
  ResultOutcome,
  ResultRecovery,
  ResultServer,
  ResultSource,
  ResultStory,
  ResultToken,
  Summary,
} from './report/result.ts';
export { entryRegions, type Region } from './report/sarif/entry-regions.ts';
export { type SarifInput, sarifReport } from './report/sarif/report.ts';
export { defaultExport, type ExportOptions } from './report/share.ts';
export { type Verdict, verdicts } from './report/verdicts.ts';
export { version } from './report/version.ts';
export type { LevelOverride } from './rules/evaluate.ts';
export type { Evidence, Kind, Level, Outcome, Party } from './rules/outcome.ts';
export { findRule, rulePage, rules } from './rules/registry.ts';
export type { Rule, SpecLink } from './rules/rule.ts';
export type { Story } from './story/model.ts';
