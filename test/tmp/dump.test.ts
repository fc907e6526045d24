import { test } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { analyze } from '/work/main/src/report/analyze.ts';
test('dump', () => {
  const dir='/work/shared/corpus/'+(process.env.SET ?? 'real')+'/';
  for (const f of readdirSync(dir).filter(f=>f.endsWith('.har') && (!process.env.ONLY || f.includes(process.env.ONLY)))) {
    const a = analyze(JSON.parse(readFileSync(dir+f,'utf8')), {name:f});
    const s=a.result.story;
    console.log('=== '+f+' '+JSON.stringify(a.result.summary)+' problems '+a.result.source.problems.length);
    if (process.env.STORY) {
    for (const x of s.servers) console.log(' S', JSON.stringify(x));
    for (const x of s.clients) console.log(' K', JSON.stringify(x));
    for (const x of s.grants) console.log(' G', JSON.stringify(x));
    for (const x of s.tokens) console.log(' T', JSON.stringify(x));
    for (const x of s.recoveries) console.log(' R', JSON.stringify(x));
    for (const x of a.story.surfaced) console.log(' SURF', x.exchange.entry, x.call.exchange.entry, x.proof, x.text.slice(0,100));
    for (const x of a.story.crossOrigin) console.log(' XO', x.exchange.entry, x.kind, x.origin, x.preflight?.entry); }
    for (const o of a.result.outcomes) if (process.env.ALL || o.kind==='fail'|| o.kind==='informational' || o.kind==='open') console.log('  ', o.kind, o.level, o.rule, o.party, o.evidence.map(e=>e.entry+':'+e.part+(e.range?'['+e.range+']':'')).join(' '), '|', o.message, o.missing ?? '');
  }
});
