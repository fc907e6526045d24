import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { claimsInWords, span } from '../view/claims.ts';
import { CopyButton } from './copy-button.tsx';
import { ExactText } from './exact-text.tsx';
import { useSessionTime } from './use-session-time.ts';

interface Props {
  readonly title: string;
  readonly remark?: string;
  readonly claims: { readonly [name: string]: unknown };
}

/** Header or claims of a JWT, with meanings; times as how long ago or ahead, ticking. */
export function ClaimTable({ title, remark, claims }: Props) {
  const { now, recorded } = useSessionTime(1_000);
  const say = strings.token;
  const when = recorded ? say.recorded : say.live;
  return (
    <table class="parameters">
      <caption>
        {title} {remark !== undefined && <span class="aside">{remark}</span>}{' '}
        <CopyButton text={() => JSON.stringify(claims, null, 2)} label={say.copyJson} />
      </caption>
      <tbody>
        {claimsInWords(claims).map(({ name, value, meaning, time }) => (
          <tr key={name}>
            <th scope="row">{visibleLine(name)}</th>
            <td>
              {time === null ? (
                <ExactText text={value} part={`claims.${name}`} />
              ) : (
                <>
                  {time > now ? when.ahead(span(time - now)) : when.ago(span(now - time))}
                  <span class="aside">
                    {new Date(time).toLocaleString()} ({value})
                  </span>
                </>
              )}
            </td>
            <td class="meaning">{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
