import type { Exchange } from '../../src/exchange/exchange.ts';
import { readHar } from '../../src/exchange/read-har.ts';
import { StoryBuilder } from '../../src/story/builder.ts';
import type { Grant, Story } from '../../src/story/model.ts';
import type { Traffic } from '../traffic/traffic.ts';

/** The exchanges of a log. */
export function exchangesOf(log: Traffic): readonly Exchange[] {
  return readHar(log.har()).exchanges;
}

/** The story of a log, or of exchanges in the order of their delivery. */
export function tell(log: Traffic | readonly Exchange[]): Story {
  const builder = new StoryBuilder();
  for (const exchange of 'har' in log ? exchangesOf(log) : log) builder.add(exchange);
  return builder.story();
}

/** The nth grant (from 0); throws when there is none. */
export function grantAt(story: Story, index: number): Grant {
  const grant = story.grants[index];
  if (!grant) throw new Error(`there is no grant ${index}`);
  return grant;
}

/** Entries that make up each grant: authorization request, response, code exchange, refreshes. */
export function shapes(story: Story): readonly (readonly (number | null | readonly number[])[])[] {
  return story.grants.map(({ authorization, callback, token, refreshes }) => [
    authorization?.exchange.entry ?? null,
    callback?.exchange.entry ?? null,
    token?.exchange.entry ?? null,
    refreshes.map(({ exchange }) => exchange.entry),
  ]);
}

/** Why each grant was asked for, with the entries of the challenges it answers. */
export function causes(story: Story): readonly string[] {
  return story.grants.map(({ cause, challenges }) =>
    [cause, ...challenges.map(({ exchange }) => exchange.entry)].join(' '),
  );
}
