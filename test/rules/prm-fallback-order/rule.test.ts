import { describe, expect, test } from 'vitest';
import { SERVER, traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged } from '../judged.ts';
import { agreeOnOldest, bare401, get, lasting, missing, PRM, ROOT_PRM, resource, unanswered } from '../metadata.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'prm-fallback-order';
const challenged = () => bare401(traffic());

describe(RULE, () => {
  test('passes the path, then the root', () => {
    expectOnly(get(missing(challenged(), PRM), ROOT_PRM, resource()), RULE, 'pass', { party: 'client' });
  });

  test.each(EVERY_REVISION)('in %s the root before the path', (revision) => {
    const log = bare401(traffic({ revision }));
    if (revision === '2025-03-26') agreeOnOldest(log);
    get(missing(log, ROOT_PRM).as('root'), PRM, resource()).call('tools/list');
    const found = judged(log, RULE).map(({ kind, level }) => (kind === 'fail' ? level : kind));
    expect(found).toEqual(
      { '2025-03-26': [], '2025-06-18': ['note'], '2025-11-25': ['error'], '2026-07-28': ['error'] }[revision],
    );
  });

  test('points at the request for the root', () => {
    const log = get(missing(challenged(), ROOT_PRM).as('root'), PRM, resource());
    expectOnly(log, RULE, 'error', { at: 'root', part: 'request.url', party: 'client', says: ROOT_PRM });
  });

  test('is a note when both are asked at once', () => {
    const log = missing(lasting(missing(challenged(), PRM), 300), ROOT_PRM);
    expectOnly(log, RULE, 'note', { says: 'while it still waited' });
  });

  test('is open when the end of the first fetch is not in the log', () => {
    const log = lasting(unanswered(challenged(), PRM), -1);
    expectOnly(missing(log, ROOT_PRM), RULE, 'open', { missing: ['timings'] });
  });

  test('says nothing where a challenge names the metadata, and at a server without a path', () => {
    expect(judged(signedIn(), RULE)).toEqual([]);
    const root = SERVER.slice(0, -'/mcp'.length);
    expect(judged(missing(bare401(traffic(), `${root}/`), ROOT_PRM), RULE)).toEqual([]);
  });
});
