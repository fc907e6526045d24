import { existsSync } from 'node:fs';
import { findFirefox } from '../extension/marionette.ts';
import { firefoxFolder, startFirefox } from './tiers/firefox-desk.ts';
import { describeTiers } from './tiers/suite.ts';

const missing = findFirefox() === null ? 'no Firefox' : existsSync(firefoxFolder) ? '' : 'needs dist/firefox';

describeTiers('Firefox', missing, startFirefox);
