import { describe, expect, test } from 'vitest';
import { traffic } from '../../traffic/traffic.ts';
import { expectOnly, judged, verdictOf } from '../judged.ts';
import { agreeOnOldest, get, missing, naming401, PRM, resource, unanswered } from '../metadata.ts';
import { EVERY_REVISION, signedIn } from '../sessions.ts';

const RULE = 'prm-served';
const challenged = () => traffic().challenge();

describe(RULE, () => {
  test('passes a document that is served as JSON', () => {
    expectOnly(signedIn(), RULE, 'pass', { party: 'server' });
  });

  test('is an error when the advertised URL answers 404', () => {
    const log = missing(challenged(), PRM).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', part: 'response.status', party: 'server', says: '404' });
  });

  test.each(EVERY_REVISION)('in %s', (revision) => {
    const log = traffic({ revision });
    if (revision === '2025-03-26') agreeOnOldest(log);
    missing(log.challenge(), PRM).call('tools/list');
    expectOnly(log, RULE, revision === '2025-03-26' ? 'note' : 'error');
  });

  test('is an error when a page is served in place of JSON', () => {
    const log = get(challenged(), PRM, '<html></html>', { mimeType: 'text/html' }).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', part: 'response.content', says: 'JSON object' });
  });

  test('is an error when JSON is served as text', () => {
    const log = get(challenged(), PRM, resource(), { mimeType: 'text/plain' }).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', part: 'response.headers.content-type', says: 'text/plain' });
  });

  test('is an error when the document has no resource', () => {
    const log = get(challenged(), PRM, { authorization_servers: ['https://as.example.com'] }).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', says: 'no resource' });
  });

  test('finds the one failed fetch among good ones', () => {
    const log = missing(get(challenged(), PRM, resource()), PRM).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM' });
  });

  test('passes when a failure for the moment was followed by the document', () => {
    expectOnly(get(missing(challenged(), PRM, 503), PRM, resource()), RULE, 'pass');
  });

  test('is an error when all the log shows is a failure of the server', () => {
    expectOnly(missing(challenged(), PRM, 500), RULE, 'error', { says: '500' });
  });

  test('passes a redirect that ends at the document', () => {
    const elsewhere = 'https://mcp.example.com/.well-known/oauth-protected-resource/v2';
    const log = get(challenged(), PRM, null, { status: 302, headers: { location: elsewhere } });
    expectOnly(get(log, elsewhere, resource()), RULE, 'pass');
  });

  test('follows the URL of the challenge, wherever it is', () => {
    const url = 'https://meta.example.net/about/mcp';
    const log = missing(naming401(traffic(), url), url, 410).as('PRM');
    expectOnly(log, RULE, 'error', { at: 'PRM', says: 'meta.example.net' });
  });

  test('is open when nothing was fetched, nothing answered, or a firewall answered', () => {
    const open = { missing: ['protected-resource-metadata'] };
    expectOnly(challenged(), RULE, 'open', open);
    expectOnly(unanswered(challenged(), PRM), RULE, 'open', open);
    expectOnly(get(challenged(), PRM, '<html></html>', { status: 403, mimeType: 'text/html' }), RULE, 'open', open);
    expectOnly(
      get(challenged(), PRM, null, { status: 302, headers: { location: 'https://login.example.net/' } }),
      RULE,
      'open',
      open,
    );
  });

  test('judges each advertised URL by itself', () => {
    const other = 'https://mcp.example.com/.well-known/oauth-protected-resource/other';
    const log = missing(naming401(get(challenged(), PRM, resource()), other), other);
    expect(judged(log, RULE).map(verdictOf).toSorted()).toEqual(['error', 'pass']);
  });

  test('says nothing where no challenge names metadata', () => {
    expect(judged(missing(traffic().call('tools/list', { status: 401, challenge: 'Bearer' }), PRM), RULE)).toEqual([]);
  });
});
