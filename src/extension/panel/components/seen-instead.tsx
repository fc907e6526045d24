import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { seenInstead } from '../view/seen-instead.ts';
import { useStore } from './context.ts';

/** What the page did in place of speaking MCP. */
export function SeenInstead() {
  const { analysis } = useStore();
  const say = strings.empty;
  const { hosts, otherHosts, json, authorized } = seenInstead(analysis.value?.exchanges ?? []);
  return (
    <>
      <h3>{say.seenTitle}</h3>
      <ul class="seen">
        {hosts.map(([name, count]) => (
          <li key={name}>{visibleLine(say.seenAt(name, count))}</li>
        ))}
        {otherHosts > 0 && <li>{say.seenElsewhere(otherHosts)}</li>}
      </ul>
      <p>{say.seenKinds(json, authorized)}</p>
    </>
  );
}
