import { Fragment } from 'preact';
import { visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import type { Range } from '../view/secrets.ts';
import { ExactText } from './exact-text.tsx';

/** One named value; `range` is where evidence marks it, if it does. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  readonly marked?: boolean;
}

interface Props {
  readonly title: string;
  readonly parameters: readonly Parameter[];
  /** Evidence name of where they stand. */
  readonly part: string;
}

/** A name that may go on in the next line after an underscore. */
function breakable(name: string) {
  const parts = name.split('_');
  return parts.map((part, at) => (
    <Fragment key={at}>
      {part}
      {at < parts.length - 1 && (
        <>
          _<wbr />
        </>
      )}
    </Fragment>
  ));
}

/** Parameters with their meanings: a challenge, a query, a form, metadata. */
export function ParameterTable({ title, parameters, part }: Props) {
  if (parameters.length === 0) return null;
  const say = strings.exchange;
  return (
    <table class="parameters">
      <caption>{title}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{say.name}</th>
          <th scope="col">{say.value}</th>
          <th scope="col">{say.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {parameters.map(({ name, value, meaning, marked }, at) => {
          const whole: Range = [0, value.length];
          return (
            <tr key={at}>
              <th scope="row">{breakable(visibleLine(name))}</th>
              <td>
                <ExactText
                  text={value}
                  part={`${part}.${name}`}
                  mark={marked === true ? whole : null}
                  focus={marked === true}
                />
              </td>
              <td class="meaning">{meaning}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
