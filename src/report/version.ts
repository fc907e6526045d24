import { version } from '../../package.json';

/** This tool's version, as in package.json. */
export { version };
