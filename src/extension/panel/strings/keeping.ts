/** How much of a session is kept, in words; part of the catalogue in strings.ts. */
export const keepingWords = {
  title: 'Long bodies',
  about:
    'A longer body is cut and marked, from the next exchange on; what rules would have read behind the cut stays open. Bodies that are no text are not kept.',
  label: 'Keep of each body',
  characters: (number: number) =>
    number >= 1_000_000 ? `${number / 1_000_000} million characters` : `${number / 1_000} thousand characters`,
} as const;
