import { version as packageVersion } from '../../package.json';

/** This tool's version, as in package.json. */
export const version: string = packageVersion;
