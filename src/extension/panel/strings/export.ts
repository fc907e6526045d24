import type { Kind } from '../../../report/redaction/names.ts';
import type { ExportFormat } from '../exports.ts';

const formats: Readonly<Record<ExportFormat, { readonly title: string; readonly text: string }>> = {
  har: { title: 'HAR, annotated', text: 'Opens here and in Network panels.' },
  json: { title: 'Result as JSON', text: 'For programs.' },
  html: { title: 'Report as HTML', text: 'One page to read.' },
  md: { title: 'Report as Markdown', text: 'For an issue or a wiki.' },
  sarif: { title: 'Findings as SARIF', text: 'For code scanning.' },
};

const kinds: Readonly<Record<Kind, string>> = {
  at: 'access tokens',
  rt: 'refresh tokens',
  id: 'ID tokens',
  code: 'authorization codes',
  verifier: 'PKCE verifiers',
  challenge: 'PKCE challenges',
  state: 'state values',
  nonce: 'nonces',
  secret: 'client secrets',
  assertion: 'assertions',
  password: 'passwords',
  key: 'API keys',
  session: 'session ids',
  cookie: 'cookies',
  login: 'login names',
  request: 'request_uri values',
  field: 'form fields',
  env: 'environment values',
  jwt: 'other JWTs',
  sub: 'subjects',
  claim: 'claims about a person',
  text: 'texts of the conversation',
};

/** Saving a session, and what is taken out of it before; part of the catalogue in strings.ts. */
export const exportWords = {
  title: 'Export',
  format: 'Format',
  formats,
  redaction: 'What is taken out',
  levels: {
    full: {
      title: 'Secrets and personal data',
      text: 'Credentials, names, the conversation: each becomes an alias such as at-1.',
    },
    tokens: {
      title: 'Credentials only',
      text: 'Tokens, codes, cookies, passwords, keys. Names and the conversation stay.',
    },
    none: { title: 'Nothing', text: 'The file holds live credentials: who has it can act as the user.' },
  },
  conversation: 'Keep the conversation readable',
  conversationText: 'tool arguments, results, messages to a model',
  allContent: 'Keep the content of other exchanges',
  allContentText: 'redacted; otherwise they keep address, status, sizes and times',
  preview: 'Before it is written',
  looking: 'Finding what is secret…',
  nothing: 'Nothing in this session is secret.',
  already: 'This recording was redacted before: what is in it are aliases, and they stay.',
  nothingTaken: 'Nothing is replaced.',
  kind: 'What',
  count: 'How many',
  before: 'For example',
  after: 'is written as',
  kinds,
  emptied: (count: number) =>
    count === 1
      ? '1 exchange outside the story loses its content.'
      : `${count} exchanges outside the story lose their content.`,
  accept: 'I know that this file must not be shared.',
  save: 'Save',
  saving: 'Writing…',
  cancel: 'Cancel',
  saved: (name: string) => `Saved as ${name}.`,
  suppressed: (count: number) =>
    count === 1
      ? '1 finding that you suppressed stays out (settings list it).'
      : `${count} findings that you suppressed stay out (settings list them).`,
} as const;
