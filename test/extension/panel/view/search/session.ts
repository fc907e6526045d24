import { readFileSync } from 'node:fs';
import { layOutFlow } from '../../../../../src/extension/panel/view/flow.ts';
import { scopeMatrices } from '../../../../../src/extension/panel/view/scopes.ts';
import { matches, type Subject } from '../../../../../src/extension/panel/view/search/match.ts';
import { parseSearch } from '../../../../../src/extension/panel/view/search/parse.ts';
import { Subjects } from '../../../../../src/extension/panel/view/search/subjects.ts';
import { indexStory } from '../../../../../src/extension/panel/view/story-index.ts';
import { analyze } from '../../../../../src/report/analyze.ts';

const sample = new URL('../../../../../src/extension/panel/sample/session.json', import.meta.url);

/** The sample session, ready to be searched. */
export const analysis = analyze(JSON.parse(readFileSync(sample, 'utf8')), { name: 'sample.har' });
export const index = indexStory(analysis);
export const flow = layOutFlow(index, false);
export const forbidden = index.exchanges.find(({ response }) => response.status === 403)?.entry ?? -1;
export const subjects = new Subjects(index, [
  { entry: forbidden, text: 'Look here: the SECOND scope', pinned: true },
  { entry: null, text: 'about the session', pinned: false },
]);

const found = (subject: Subject, search: string): boolean =>
  matches(subject, parseSearch(search), subjects.clock(flow.start));

/** Entries of the rows that a search leaves. */
export const rows = (search: string): number[] =>
  [...flow.entries].filter((entry) => found(subjects.row(entry), search));
export const outcomes = (search: string) =>
  analysis.result.outcomes.filter((outcome) => found(subjects.outcome(outcome), search));
export const tokens = (search: string) => index.story.tokens.filter((token) => found(subjects.token(token), search));
export const matrices = (search: string) =>
  scopeMatrices(index).filter((matrix) => found(subjects.scopes(matrix), search));
