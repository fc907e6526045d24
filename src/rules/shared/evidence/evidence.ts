import type { Exchange } from '../../../exchange/exchange.ts';
import type { Range } from '../../../protocol/range.ts';
import type { Authorization, Call, TokenExchange } from '../../../story/model.ts';
import type { Evidence } from '../../outcome.ts';

/**
 * Points at a part of an exchange. A request that was unwrapped from a proxy's envelope
 * is shown where it was recorded: in the envelope's body, without a character range.
 */
export function evidence(exchange: Exchange, part: string, note: string, range: Range | null = null): Evidence {
  if (exchange.envelope) {
    const inEnvelope = part.startsWith('request') ? 'request.postData' : 'response.content';
    return { entry: exchange.entry, part: inEnvelope, note };
  }
  return range ? { entry: exchange.entry, part, range, note } : { entry: exchange.entry, part, note };
}

/** The authorization request's `scope`, or its URL where there is none. */
export function scopeOf({ exchange, request }: Authorization): Evidence {
  const note = request.scopeText === null ? 'no scope parameter' : `scope=${request.scopeText}`;
  return evidence(exchange, 'request.url', note, request.requestUri === null ? request.scopeRange : null);
}

/** The scopes that a challenge names. */
export function challengeScopeOf({ exchange, challenge, status }: Call): Evidence {
  const header = 'response.headers.www-authenticate';
  if (!challenge?.scopeRange)
    return evidence(
      exchange,
      header,
      `${status}${challenge?.error ? ` ${challenge.error}` : ''}`,
      challenge?.errorRange ?? null,
    );
  return evidence(
    exchange,
    header,
    `${status}${challenge.error ? ` ${challenge.error}` : ''}, scope="${challenge.scopeText ?? ''}"`,
    challenge.scopeRange,
  );
}

/** That a call was refused, and with which error. */
export function refusalOf({ exchange, challenge, status }: Call): Evidence {
  if (!challenge?.errorRange) return evidence(exchange, 'response.status', String(status));
  return evidence(
    exchange,
    'response.headers.www-authenticate',
    `${status} ${challenge.error ?? ''}`,
    challenge.errorRange,
  );
}

/** What the token endpoint answered, in the words a finding needs; never a token. */
export function tokenAnswerOf({ exchange, response }: TokenExchange): Evidence {
  const refresh = response?.refreshToken ? 'with refresh_token' : 'no refresh_token';
  const scope = response?.scope ? `, scope="${response.scope.join(' ')}"` : '';
  const note =
    response === null
      ? `${exchange.response.status}, body not recorded`
      : response.error
        ? `error=${response.error}`
        : `${refresh}${scope}`;
  return evidence(exchange, 'response.content', note);
}

/** The token request itself. */
export function tokenRequestOf({ exchange, request }: TokenExchange): Evidence {
  return evidence(exchange, 'request.postData', `grant_type=${request.grantType ?? ''}`);
}

/** Where a text first stands in another. */
export function rangeOfText(text: string, wanted: string): Range | null {
  const at = text.indexOf(wanted);
  return at < 0 ? null : [at, at + wanted.length];
}

/** The evidence there is, in order. */
export function present(items: readonly (Evidence | null)[]): Evidence[] {
  return items.filter((item) => item !== null);
}
