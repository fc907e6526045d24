/** Where the build puts the scripts that run inside pages. */
export const observerFiles = { page: 'observer/observer.js', bridge: 'observer/bridge.js' } as const;
