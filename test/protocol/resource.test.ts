import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl, isWithin, sameResource } from '../../src/protocol/resource.ts';
import { order, repeated } from '../linear.ts';

describe('canonicalUrl', () => {
  it('keeps the canonical URIs the MCP specification lists', () => {
    for (const url of [
      'https://mcp.example.com/mcp',
      'https://mcp.example.com',
      'https://mcp.example.com:8443',
      'https://mcp.example.com/server/mcp',
    ]) {
      expect(canonicalUrl(url)).toBe(url);
    }
  });

  it('lowers scheme and host, drops the own port, the fragment and the last slash', () => {
    expect(canonicalUrl('HTTPS://MCP.Example.COM:443/Mcp/#x')).toBe('https://mcp.example.com/Mcp');
    expect(canonicalUrl('http://a:80/')).toBe('http://a');
    expect(canonicalUrl('https://a/mcp?t=1')).toBe('https://a/mcp?t=1');
    expect(canonicalUrl('urn:example:mcp#x')).toBe('urn:example:mcp');
    expect(canonicalUrl('mcp.example.com')).toBe('mcp.example.com');
  });

  it('changes nothing the second time', () => {
    const text = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, (url) => {
        expect(canonicalUrl(canonicalUrl(url))).toBe(canonicalUrl(url));
        expect(sameResource(url, canonicalUrl(url))).toBe(true);
      }),
    );
  });

  it('is linear', () => {
    for (const piece of ['/', 'a/', '%', '../']) {
      expect(order(canonicalUrl, (n) => `https://a/${repeated(piece, n)}`)).toBeLessThan(1.7);
    }
  });
});

describe('isWithin', () => {
  it('compares origins, and paths by segment', () => {
    expect(isWithin('https://a/mcp/tools?x=1', 'https://a/mcp/')).toBe(true);
    expect(isWithin('https://a/mcp', 'https://a')).toBe(true);
    expect(isWithin('https://A:443/mcp', 'https://a/mcp')).toBe(true);
    expect(isWithin('https://a/mcp2', 'https://a/mcp')).toBe(false);
    expect(isWithin('https://a/', 'https://a/mcp')).toBe(false);
    expect(isWithin('http://a/mcp', 'https://a/mcp')).toBe(false);
    expect(isWithin('https://a.evil/mcp', 'https://a')).toBe(false);
    expect(isWithin('https://a/mcp?t=2', 'https://a/mcp?t=1')).toBe(false);
    expect(isWithin('x', 'x')).toBe(false);
  });

  it('holds for every URL and itself', () => {
    fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => isWithin(url, url)));
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => typeof isWithin(a, b) === 'boolean'));
  });
});
