import type { SignInStep } from '../../../story/sign-in-steps.ts';
import type { Evidence } from '../../outcome.ts';
import { evidence } from '../evidence/evidence.ts';

/** The step itself, in the words a finding needs; never a secret. */
export function stepOf({ kind, exchange, grant }: SignInStep): Evidence {
  if (kind === 'authorization') return evidence(exchange, 'request.url', 'authorization request');
  if (kind === 'registration') return evidence(exchange, 'request.url', 'client registration');
  const grantType = kind === 'refresh' ? 'refresh_token' : (grant?.token?.request.grantType ?? '');
  return evidence(exchange, 'request.url', `token request, grant_type=${grantType}`);
}

/** What a step is called in a sentence. */
export const STEP_NAMES: Readonly<Record<SignInStep['kind'], string>> = {
  registration: 'registered',
  authorization: 'sent the user to sign in',
  token: 'requested a token',
  refresh: 'refreshed a token',
};
