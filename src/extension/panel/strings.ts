import { blindSpotWords } from './strings/blind-spots.ts';
import { emptyWords } from './strings/empty.ts';
import { exchangeWords } from './strings/exchange.ts';
import { exportWords } from './strings/export.ts';
import { findingWords } from './strings/finding.ts';
import { flowWords } from './strings/flow.ts';
import { frameWords } from './strings/frame.ts';
import { keepingWords } from './strings/keeping.ts';
import { meanings } from './strings/meanings.ts';
import { notebookWords } from './strings/notebook.ts';
import { observingWords, watchingWords } from './strings/observing.ts';
import { searchWords } from './strings/search.ts';
import { sessionWords } from './strings/sessions.ts';
import { tokenWords } from './strings/token.ts';

/**
 * Every text of the panel in one catalogue, a file for each topic beside it. Values and names from the traffic come
 * in as arguments; nothing here is markup.
 */
export const strings = {
  ...frameWords,
  ...emptyWords,
  ...flowWords,
  ...findingWords,
  ...exchangeWords,
  ...tokenWords,
  unseen: blindSpotWords,
  watching: watchingWords,
  observing: observingWords,
  keeping: keepingWords,
  search: searchWords,
  notebook: notebookWords,
  sessions: sessionWords,
  exporting: exportWords,
  ...meanings,
} as const;
