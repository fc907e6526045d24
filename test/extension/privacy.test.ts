import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keptRoom, longestKeptBody } from '../../src/capture/keeping.ts';
import { usualLimits } from '../../src/capture/wire-book.ts';
import { usualRecorderLimits } from '../../src/extension/devtools/recorder.ts';
import { defaultSettings } from '../../src/extension/settings.ts';

const page = readFileSync('PRIVACY.md', 'utf8');
const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
const grouped = (number: number): string => number.toLocaleString('en');
const inMillions = (number: number): string => String(number / 1_000_000);

test('the privacy page names every permission, and why', () => {
  const reasons = page.slice(page.indexOf('## Permissions'));
  for (const permission of [...manifest.permissions, ...manifest.optional_permissions])
    expect(reasons).toMatch(new RegExp(`^- [^\\n]*\`${permission}\`[^\\n]*: to `, 'm'));
});

test('the privacy page gives the bounds that the code keeps', () => {
  for (const words of [
    `cut at 8 KB (${grouped(longestKeptBody)} characters)`,
    `at most ${inMillions(keptRoom)} MB (${grouped(keptRoom)} characters)`,
    `at most ${usualLimits.records} exchanges of MCP and authorization and ${inMillions(usualLimits.size)} MB, ${inMillions(usualLimits.allSize)} MB for all tabs`,
    `At most ${inMillions(usualRecorderLimits.memory)} million characters of bodies`,
    `(${inMillions(defaultSettings.longestBody)} million unless changed`,
    `after ${grouped(usualRecorderLimits.entries)} exchanges`,
  ])
    expect(page).toContain(words);
});
