import { missingFor } from './needs.ts';
import { startChromium } from './tiers/chromium-desk.ts';
import { describeTiers } from './tiers/suite.ts';

describeTiers('Chromium', missingFor({ extension: true }), startChromium);
