import type { Level } from '../../outcome.ts';

/** The level of a fault whose consequence the log shows: harm is never a mere note. */
export function atLeastWarning(level: Exclude<Level, 'none'>): Exclude<Level, 'none'> {
  return level === 'note' ? 'warning' : level;
}
