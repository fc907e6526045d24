import { visible, visibleLine } from '../../../report/text.ts';
import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { Sheet } from './sheet.tsx';
import { ImportButton } from './toolbar.tsx';

/** Files that could not be opened: which, where, and why. */
export function FailuresSheet() {
  const { failures } = useStore();
  if (failures.value.length === 0) return null;
  const say = strings.failed;
  return (
    <Sheet
      title={say.import(failures.value.length)}
      close={() => {
        failures.value = [];
      }}
    >
      <table class="problems">
        <thead>
          <tr>
            <th scope="col">{say.file}</th>
            <th scope="col">{say.entry}</th>
            <th scope="col">{say.field}</th>
            <th scope="col">{say.problem}</th>
          </tr>
        </thead>
        <tbody>
          {failures.value.map(({ file, entry, field, problem }, at) => (
            <tr key={at}>
              <th scope="row">{visibleLine(file)}</th>
              <td>{entry === null ? say.whole : `#${entry}`}</td>
              <td>{field === '' ? say.none : <code>{visibleLine(field)}</code>}</td>
              <td>{visible(problem)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{say.importHelp}</p>
      <ImportButton label={strings.sessions.open} />
    </Sheet>
  );
}

/** Fields of the session shown that could not be taken as they stood. */
export function ProblemsSheet() {
  const { problemsOpen, analysis, selectEvidence } = useStore();
  const problems = analysis.value?.result.source.problems ?? [];
  if (!problemsOpen.value) return null;
  const say = strings.failed;
  const close = (): void => {
    problemsOpen.value = false;
  };
  return (
    <Sheet title={say.problems} close={close}>
      <p class="hint">{say.problemsAbout}</p>
      <table class="problems">
        <thead>
          <tr>
            <th scope="col">{say.entry}</th>
            <th scope="col">{say.field}</th>
            <th scope="col">{say.problem}</th>
          </tr>
        </thead>
        <tbody>
          {problems.slice(0, mostProblems).map(({ entry, field, problem }, at) => (
            <tr key={at}>
              <th scope="row">
                {entry < 0 ? (
                  say.whole
                ) : (
                  <button
                    type="button"
                    class="link entry"
                    aria-label={strings.finding.showEvidence(entry)}
                    onClick={() => {
                      close();
                      selectEvidence({ entry, part: 'request.url', note: '' });
                    }}
                  >
                    #{entry}
                  </button>
                )}
              </th>
              <td>{field === '' ? say.none : <code>{visibleLine(field)}</code>}</td>
              <td>{visible(problem)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problems.length > mostProblems && <p class="hint">{say.more(problems.length - mostProblems)}</p>}
    </Sheet>
  );
}

const mostProblems = 500;
