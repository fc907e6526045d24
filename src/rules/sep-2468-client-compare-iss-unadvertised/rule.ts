import { defineRule } from '../rule.ts';
import { ISS_SINCE, judgeComparison } from '../shared/authorization/issuer-check.ts';
import { mcp, rfc } from '../shared/spec/links.ts';

/** RFC 9207 section 2.4: an `iss` that is there is compared, promised or not. */
export const rule = defineRule({
  id: 'sep-2468-client-compare-iss-unadvertised',
  title: 'A response from another issuer was used (iss not advertised)',
  party: 'client',
  level: 'error',
  since: ISS_SINCE,
  spec: [mcp(ISS_SINCE, 'authorization-response-validation'), rfc(9207, '2.4')],
  fix: "Compare the response's iss with the issuer of the metadata whenever it is present, and reject the response when they differ.",
  judge: (story) => judgeComparison(story, false),
});
