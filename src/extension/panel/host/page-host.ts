import type { Host } from './host.ts';

/** An ordinary page: colours follow the system, sessions come from files. */
export const pageHost: Host = { theme: null, live: null, reload: null };
