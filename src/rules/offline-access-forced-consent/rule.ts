import type { Grant, Story } from '../../story/model.ts';
import { presented } from '../../story/presented.ts';
import type { Judgement } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { type Asked, judgeRequests } from '../shared/authorization/authorization-requests.ts';
import { responseParameter } from '../shared/authorization/authorization-responses.ts';
import { present, tokenAnswerOf } from '../shared/evidence/evidence.ts';
import { parameterOf } from '../shared/evidence/parameters.ts';
import { scopes } from '../shared/evidence/words.ts';
import { ConsentHistory } from '../shared/scopes/consent-history.ts';
import { mcp, OIDC_OFFLINE_ACCESS } from '../shared/spec/links.ts';

/** OIDC Core section 3.1.2.1: `prompt=consent` shows the consent page even to somebody who has agreed already. */
export const rule = defineRule({
  id: 'offline-access-forced-consent',
  title: 'prompt=consent although nothing new is asked for',
  party: 'client',
  level: 'note',
  since: null,
  spec: [
    {
      text: 'OpenID Connect Core 1.0 section 3.1.2.1',
      url: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest',
    },
    OIDC_OFFLINE_ACCESS,
    mcp('2026-07-28', 'refresh-tokens'),
  ],
  fix: 'Send prompt=consent only while no refresh token was issued for these scopes.',
  judge(story) {
    let history: ConsentHistory | null = null;
    return judgeRequests(story, (asked) => {
      if (history?.chain !== asked.chain) history = new ConsentHistory(asked.chain, story);
      return judge(story, asked, history);
    });
  },
});

/** Errors by which a provider says that the consent asked for is not the user's to give. */
const CONSENT_ERRORS = new Set(['consent_required', 'interaction_required']);

function judge(
  story: Story,
  { grant, server, authorization, request }: Asked,
  history: ConsentHistory,
): Judgement | null {
  if (!request.prompt.includes('consent')) return null;
  const subject = server.url;
  const shown = parameterOf(authorization, 'prompt', `prompt=${request.prompt.join(' ')}`);
  const refused = refusal(grant);
  if (refused) {
    const message = `The client asked for prompt=consent, and the authorization server answered ${refused}.`;
    const answer = grant.callback ? responseParameter(grant.callback, 'error', refused) : null;
    return { kind: 'fail', subject, message, evidence: present([shown, answer]) };
  }
  const pass = (message: string): Judgement => ({ kind: 'pass', subject, message, evidence: [shown] });
  if (grant === history.chain.grants[0]) return pass('prompt=consent was sent with the first sign-in.');
  if (grant.cause === 'initial' && grant.challenges.some((call) => presented(story, call) === 'nothing'))
    return pass('prompt=consent was sent by a client that came without a token.');
  const { granted, held } = history.before(grant, authorization.exchange.sent);
  if (held.state === 'unknown' || granted === null) {
    const message = 'Whether an earlier sign-in brought a refresh token is not in the log.';
    return { kind: 'open', subject, message, evidence: [shown], missing: ['token-response'] };
  }
  const asked = request.scope ?? [];
  const fresh = asked.filter((scope) => !granted.has(scope));
  if (fresh.length > 0) return pass(`prompt=consent was sent with new scopes: ${scopes(fresh)}.`);
  if (held.state === 'no') return pass('prompt=consent was sent when no usable refresh token was left.');
  const message = `The client forces the consent page with prompt=consent, though ${scopes(asked)} was granted before and its refresh token was still usable.`;
  return { kind: 'fail', subject, message, evidence: present([shown, held.from ? tokenAnswerOf(held.from) : null]) };
}

/** `consent_required` and its like, or Entra's AADSTS65001 and AADSTS90094 (an administrator has to agree). */
function refusal({ callback }: Grant): string | null {
  const { error, errorDescription } = callback?.response ?? { error: null, errorDescription: null };
  if (error === null) return null;
  const code = ['AADSTS65001', 'AADSTS90094', 'AADSTS90095'].find((known) => errorDescription?.includes(known));
  return code ?? (CONSENT_ERRORS.has(error) ? error : null);
}
