import { readFileSync } from 'node:fs';

/** The text of one of the project's recordings. */
export function recording(name: string): string {
  return readFileSync(new URL(`../../recordings/${name}.har`, import.meta.url), 'utf8');
}

/** The HAR entries of one of the project's recordings. */
export function entriesOf(name: string): readonly unknown[] {
  return JSON.parse(recording(name)).log.entries;
}
