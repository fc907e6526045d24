import { effect, signal } from '@preact/signals';
import type { Host, Theme } from '../host/host.ts';

export type Appearance = ReturnType<typeof createAppearance>;

/** Colours as the host has them; null follows the system. */
export function createAppearance(host: Host) {
  const theme = signal<Theme | null>(host.theme?.current ?? null);
  host.theme?.onChange((next) => {
    theme.value = next;
  });
  return {
    theme,
    /** Runs `watch` now and whenever the theme changes. */
    onTheme: (watch: (theme: Theme | null) => void) => effect(() => watch(theme.value)),
  };
}
