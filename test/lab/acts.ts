import type { ScenarioName } from './scenarios.ts';

/** A part of the demonstration: one client through one story. */
export interface Act {
  readonly scenario: ScenarioName;
  readonly title: string;
  /** What to watch for. */
  readonly watch: string;
}

/** The demonstration: the good client first, then two that fail their users. */
export const acts: readonly Act[] = [
  {
    scenario: 'v2-tour',
    title: 'A good client: the official SDK v2',
    watch:
      'It asks for offline_access, refreshes silently when the token expires, and asks for the union of scopes ' +
      'when a tool needs more. The panel should find none of the three headline faults.',
  },
  {
    scenario: 'v1-tour',
    title: 'A faulty client: the official SDK v1',
    watch:
      'It never asks for offline_access, so every expiry sends the user away; at the step-up it asks for the new ' +
      'scope alone and loses the old one, so it signs in again and again.',
  },
  {
    scenario: 'aisdk-header-expiry',
    title: 'A faulty client: the AI SDK with its token in a fixed header',
    watch: 'It holds a refresh token and does not use it: the 401 becomes a tool error, and the model has to read it.',
  },
];
