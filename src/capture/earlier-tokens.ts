import type { Analysis } from '../report/analysis.ts';
import type { Token } from '../story/model.ts';

/**
 * Tokens that were issued before anybody looked: in use, and issued by no response of the log. One whose response is
 * there without its body (a popup's or a worker's, which only `webRequest` saw) is not one of them.
 */
export function earlierTokens({ story, exchanges }: Analysis): readonly Token[] {
  const sentAt = (entry: number | undefined): number => exchanges[entry ?? -1]?.sent ?? 0;
  const unissued = story.tokens
    .filter(({ issuedBy, uses }) => issuedBy === null && uses.length > 0)
    .toSorted((one, other) => sentAt(one.uses[0]) - sentAt(other.uses[0]));
  const unread: number[] = [];
  for (const [entry, { kind }] of story.rolesBesideCalls) {
    const response = exchanges[entry]?.response;
    if (kind !== 'token-request' || response === undefined || response.body.state !== 'missing') continue;
    if (response.status >= 200 && response.status < 300) unread.push(exchanges[entry]?.answered ?? 0);
  }
  const explained = new Set<Token>();
  for (const answered of unread.toSorted((one, other) => one - other)) {
    for (const kind of ['access', 'refresh', 'id'] as const) {
      const next = unissued.find(
        (token) => token.kind === kind && !explained.has(token) && sentAt(token.uses[0]) >= answered,
      );
      if (next !== undefined) explained.add(next);
    }
  }
  return unissued.filter((token) => !explained.has(token));
}
