import { firefoxMissing, startFirefox } from './tiers/firefox-desk.ts';
import { describeTiers } from './tiers/suite.ts';

describeTiers('Firefox', firefoxMissing, startFirefox);
