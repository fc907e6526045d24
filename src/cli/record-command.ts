import { analyze } from '../report/analyze.ts';
import { annotatedHar } from '../report/har.ts';
import { counts } from '../report/marks.ts';
import type { ExportOptions } from '../report/share.ts';
import { agree } from './agree.ts';
import { readArguments } from './arguments.ts';
import { formats } from './commands.ts';
import { writeWhole } from './files.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { type Format, readJudging } from './options.ts';
import { installedBrowser, startBrowser } from './record/chromium.ts';
import { Recorder } from './record/recorder.ts';
import { partOf, reportOf } from './reports.ts';

/** `record`: opens Chromium, records it until it is closed, the time is over or Ctrl-C, and analyses what came. */
export async function recordCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const given = readArguments('record', args);
  const [url] = given.operands;
  if (url === undefined || given.operands.length > 1) throw new UsageError('record needs one address: record -- <url>');
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new UsageError(`not an http or https address: ${JSON.stringify(url)}`);
  const limit = given.text('for');
  const time = limit === null ? null : milliseconds(limit);
  const headless = given.flag('headless');
  if (headless && time === null) throw new UsageError('--headless needs --for: there is no window to close');
  if (!headless && process.platform === 'linux' && !io.env.DISPLAY && !io.env.WAYLAND_DISPLAY)
    throw new UsageError('there is no display: add --headless and --for');
  const judging = readJudging(given, io);
  const redact = given.choice('redact', ['full', 'tokens', 'none'] as const, 'full');
  if (redact === 'none' && !given.flag('yes')) await agree(io);
  const format: Format = given.choice('format', formats, io.isTerminal ? 'text' : 'json');
  const path = installedBrowser(io.env);
  if (path === null)
    throw new UsageError('no Chromium or Chrome was found: install one, or set CHROME_PATH to its executable');

  const document = await recorded(path, url, headless, time, io);
  const options: ExportOptions = {
    redaction: { level: redact, conversation: given.flag('conversation'), allContent: given.flag('all-content') },
    analyze: judging.analyze,
  };
  const analysis = analyze(document, { ...options.analyze, name: new URL(url).host });
  const out = given.text('out');
  if (out !== null) await writeWhole(out, annotatedHar(analysis, options));
  const look = { color: !given.flag('no-color') && io.isTerminal && !io.env.NO_COLOR, width: io.width };
  const report = reportOf(format, judging.threshold, false);
  const text = report.add(await partOf(format, { file: '-', analysis, text: JSON.stringify(document), options }, look));
  await io.out(`${text}${report.end()}`);
  return analysis.result.outcomes.some((outcome) => counts(outcome, judging.threshold)) ? 1 : 0;
}

async function recorded(path: string, url: string, headless: boolean, time: number | null, io: Io): Promise<unknown> {
  const browser = await startBrowser(path, headless);
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const timer = time === null ? null : setTimeout(stop, time);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const recorder = await Recorder.start(browser.cdp).catch(() => {
      throw new UsageError(`${path} did not start`);
    });
    const blank = (await browser.cdp.root.send('Target.getTargets', {})).targetInfos.find(
      ({ type }) => type === 'page',
    );
    await browser.cdp.root.send('Target.createTarget', { url });
    if (blank) await browser.cdp.root.send('Target.closeTarget', { targetId: blank.targetId });
    io.error(`recording ${url}: ${time === null ? 'close the browser to end it' : `for ${time / 1000} s`}, or Ctrl-C`);
    await Promise.race([stopped, browser.ended]);
    return await recorder.har();
  } finally {
    if (timer !== null) clearTimeout(timer);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await browser.close();
  }
}

/** `500ms`, `90s`, `10m`, `1h`; a bare number is seconds. */
function milliseconds(text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 0;
  const time = Number(number) * factor;
  if (number === '' || time <= 0 || time > 86_400_000)
    throw new UsageError(`--for is a time such as 90s or 10m, at most 24h, not ${JSON.stringify(text)}`);
  return time;
}
