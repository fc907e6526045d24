import type { BlindSpotId, Switch } from '../../../capture/blind-spots.ts';

interface Words {
  readonly title: string;
  readonly text: string;
}

const spots: Readonly<Record<BlindSpotId, Words>> = {
  'popup-not-watched': {
    title: 'Sign-in popups and new tabs',
    text: 'DevTools shows one tab. A sign-in in another window, its authorization request and often its token exchange, passed unseen.',
  },
  'opened-late': {
    title: 'What happened before DevTools opened',
    text: 'Tokens are in use that were issued before the recording began. Keep DevTools open, sign out and in again.',
  },
  'shared-worker': {
    title: 'Shared workers',
    text: 'The browser shows a shared worker to no DevTools of a tab. A client that lives in one is unseen.',
  },
  'service-worker': {
    title: 'Service workers',
    text: 'In Firefox a service worker’s own requests are not in the network log of the tab.',
  },
  'stream-open': {
    title: 'Streams still open',
    text: 'An event stream that has not ended is not in the network log, nor are the messages on it.',
  },
  'hidden-from-script': {
    title: 'What the page’s script could read',
    text: 'The network log shows every header; whether CORS let the script read the challenge can only be inferred from them.',
  },
  'body-gone': {
    title: 'Answers of pages that were left',
    text: 'The browser drops the bodies of a page that was left, and of a log that grew too long; Firefox drops the last exchanges whole.',
  },
  'bodies-elsewhere': {
    title: 'Bodies in popups and workers',
    text: 'Of popups, and of workers that are in no network log, the browser shows requests and headers, but not the bodies of the answers. DevTools of the popup, opened by hand, shows them to its own panel.',
  },
  'body-cut': {
    title: 'Bodies that were cut',
    text: 'Longer bodies than the settings allow are kept up to there.',
  },
  'memory-full': {
    title: 'Bodies there was no memory for',
    text: 'The recording is full: exchanges are kept, later bodies are not.',
  },
  dropped: {
    title: 'Exchanges that were dropped',
    text: 'More came than the buffer holds. What no rule needs went first.',
  },
  paused: { title: 'Recording is paused', text: 'Requests that finish now are not kept.' },
  'headers-left-out': {
    title: 'Headers that were left out',
    text: 'Authorization, Cookie or Origin were sent, or may have been, and are not in the record. A HAR file may be sanitized; Chromium leaves them out of a worker’s request, of a stream cut off as its page was left, and of what a tab asked for before its DevTools opened, while another’s were.',
  },
  'private-window': {
    title: 'Private window',
    text: 'All is watched as elsewhere, but nothing is kept once DevTools closes.',
  },
  policy: {
    title: 'Sites that the browser’s policy closes',
    text: 'An administrator’s policy, or the browser’s own rules, keep extensions from some sites.',
  },
  'not-offered': {
    title: 'Interfaces this browser lacks',
    text: 'This browser does not offer webRequest and webNavigation to extensions: popups and workers stay unseen.',
  },
  'outside-the-browser': {
    title: 'What happens outside the browser',
    text: 'A client’s own back end and a provider’s hosted tools speak without the browser. Record them there and import the HAR file.',
  },
  'not-in-traffic': {
    title: 'What no traffic told',
    text: 'It did not happen in this session, or is never on the wire. Go on with the session, or judge it yourself.',
  },
};

const switches: Readonly<Record<Switch, string>> = {
  watch: 'Watch popups and workers',
  'look-closer': 'Look closer at this site',
  reload: 'Reload the page',
  record: 'Resume recording',
  clear: 'Clear',
  'open-har': 'Open a fuller HAR file',
  'body-cap': 'Keep longer bodies',
};

/** What cannot be seen, in words; part of the catalogue in strings.ts. */
export const blindSpotWords = {
  title: 'What it cannot see',
  hint: 'What this session could not show, and which verdicts stay open for it (b)',
  none: 'Nothing is known to have escaped this session.',
  met: (count: number) => (count === 1 ? 'once in this session' : `${count} times in this session`),
  maybe: 'would leave no trace here',
  effect: (count: number) => (count === 1 ? '1 verdict is open' : `${count} verdicts are open`),
  noEffect: 'no verdict rests on it',
  why: 'Why it cannot be told',
  more: (count: number) => `and ${count} more`,
  privacy: 'What is read and kept, and why',
  spots,
  switches,
} as const;
