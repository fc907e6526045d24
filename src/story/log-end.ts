import type { Story } from './model.ts';

/**
 * Whether the log ends before somebody had so long to act, milliseconds from a time on: that nothing followed then says
 * nothing (cause C10).
 */
export function endsWithin({ end }: Pick<Story, 'end'>, at: number, milliseconds: number): boolean {
  return end - at <= milliseconds;
}
