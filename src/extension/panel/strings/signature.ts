/** The check of a token's signature, in words; part of the catalogue in strings.ts. */
export const signatureWords = {
  name: 'Signature',
  check: 'Check signature',
  asks: 'Shows first which address is asked for keys.',
  byRecorded: (entry: number) => `By the keys in exchange #${entry}; nothing is sent.`,
  redacted: 'Redacted recording: its signatures are aliases.',
  checking: 'Checking…',
  cancel: 'Cancel',
  noIssuer: 'The recording does not show this issuer’s metadata, so its keys are not known.',
  willFetch: 'The issuer’s keys are at',
  cannotFetch: 'This page makes no requests. The issuer’s keys are at',
  fetch: 'Fetch keys and check',
  fetchHow: 'One request, without cookies, referrer or redirects; nothing of the session is in it.',
  paste: 'Or paste the issuer’s JWKS:',
  checkPasted: 'Check by these keys',
  otherKeys: 'Other keys…',
  right: 'right',
  wrong: 'not right',
  unsure: 'not checked',
  unnamed: '(without kid)',
  fromRecorded: 'Keys from',
  fromFetched: 'Keys from',
  fromPasted: 'Keys as pasted.',
  refusals: {
    none: 'The issuer’s metadata names no jwks_uri.',
    'not-an-address': 'Not fetched, the jwks_uri is no address:',
    credentials: 'Not fetched, the jwks_uri holds credentials:',
    'not-https': 'Not fetched, the jwks_uri is not https (http is for issuer and page on this machine):',
    private: 'Not fetched, a public issuer names an address in a private network:',
  },
  failures: {
    unreachable:
      'No answer that could be read: the address is not there, redirects, or does not let this page read it (CORS). Open it yourself and paste what it shows.',
    'too-slow': 'No answer within 5 seconds.',
    'too-large': 'The answer is larger than 256 KB.',
    'not-a-key-set': 'That is no JWKS: a JSON object with a list named keys.',
    'too-many-keys': 'The set has more than 100 keys.',
  },
  status: (status: number) => `The address answered ${status}.`,
  verified: (algorithm: string, id: string | null, type: string, thumbprint: string) =>
    `${algorithm} by the ${type} key ${id === null ? '' : `${id}, `}thumbprint ${thumbprint}.`,
  notByThese: (ids: readonly string[]) =>
    ids.length === 1 ? `The key ${ids[0]} did not make it.` : `None of the keys ${ids.join(', ')} made it.`,
  noKey: (id: string | null, known: readonly string[]) =>
    `${id === null ? 'No key in the set fits the token’s algorithm' : `The set has no fitting key named ${id}`}${known.length === 0 ? ': it is empty.' : `; it has ${known.join(', ')}.`}`,
  refused: {
    unsigned: 'It is not signed (alg none, or an empty signature): nobody may accept it.',
    'shared-secret':
      'It names HMAC, a secret shared with the issuer: public keys cannot check it, and a server that tries can be fooled.',
    critical: 'Its header asks for an extension (crit) that must be understood.',
    unreadable: 'Its header cannot be read.',
  },
  unusable: (message: string) => `The key cannot be used: ${message}`,
} as const;
