import { visibleLine } from '../../../report/text.ts';
import { type ExportFormat, exportFormats, type ReplacedKind } from '../exports.ts';
import { strings } from '../strings.ts';
import { suppressedFindings } from '../view/findings.ts';
import { shortened } from '../view/secrets.ts';
import { useStore } from './context.ts';
import { Sheet } from './sheet.tsx';

const levels = ['full', 'tokens', 'none'] as const;

/** Saving the session shown, with a look at what is replaced before anything is written. */
export function ExportSheet() {
  const { exporting, exportFormat, redaction, exposureAccepted, exportWriting, saveExport } = useStore();
  if (!exporting.value) return null;
  const say = strings.exporting;
  const { level, conversation, allContent } = redaction.value;
  const close = (): void => {
    exporting.value = false;
  };
  return (
    <Sheet title={say.title} close={close} actions={null}>
      <div class="export">
        <fieldset>
          <legend>{say.format}</legend>
          {exportFormats.map((format) => (
            <Choice
              key={format}
              group="format"
              value={format}
              {...say.formats[format]}
              chosen={exportFormat.value === format}
              choose={(value) => {
                exportFormat.value = value as ExportFormat;
              }}
            />
          ))}
        </fieldset>
        <fieldset>
          <legend>{say.redaction}</legend>
          {levels.map((one) => (
            <Choice
              key={one}
              group="level"
              value={one}
              {...say.levels[one]}
              chosen={level === one}
              choose={() => {
                redaction.value = { ...redaction.value, level: one };
              }}
            />
          ))}
          <Switch
            title={say.conversation}
            text={say.conversationText}
            on={level !== 'full' || conversation}
            disabled={level !== 'full'}
            set={(on) => {
              redaction.value = { ...redaction.value, conversation: on };
            }}
          />
          <Switch
            title={say.allContent}
            text={say.allContentText}
            on={allContent}
            set={(on) => {
              redaction.value = { ...redaction.value, allContent: on };
            }}
          />
        </fieldset>
        <PreviewOfExport />
      </div>
      <div class="sheet-actions">
        {level === 'none' && (
          <label class="check warning">
            <input
              type="checkbox"
              checked={exposureAccepted.value}
              onChange={(event) => {
                exposureAccepted.value = event.currentTarget.checked;
              }}
            />
            {say.accept}
          </label>
        )}
        <button type="button" onClick={close}>
          {say.cancel}
        </button>
        <button
          type="button"
          class="primary"
          disabled={exportWriting.value || (level === 'none' && !exposureAccepted.value)}
          onClick={saveExport}
        >
          {exportWriting.value ? say.saving : say.save}
        </button>
      </div>
    </Sheet>
  );
}

function PreviewOfExport() {
  const { preview, redaction, analysis } = useStore();
  const left = suppressedFindings(analysis.value);
  const isRedacted = analysis.value?.result.source.redacted === true;
  const say = strings.exporting;
  const found = preview.value;
  return (
    <section class="preview" aria-live="polite" aria-busy={found === null}>
      <h3>{say.preview}</h3>
      {left > 0 && <p class="left-out">{say.suppressed(left)}</p>}
      {found === null && (
        <p class="hint">
          <progress aria-label={say.looking} /> {say.looking}
        </p>
      )}
      {found !== null && found.kinds.length === 0 && (
        <p class="hint">
          {redaction.value.level === 'none' ? say.nothingTaken : isRedacted ? say.already : say.nothing}
        </p>
      )}
      {found !== null && found.kinds.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{say.kind}</th>
              <th scope="col">{say.count}</th>
              <th scope="col">{say.before}</th>
              <th scope="col">{say.after}</th>
            </tr>
          </thead>
          <tbody>
            {found.kinds.map((kind) => (
              <KindLine key={kind.kind} kind={kind} />
            ))}
          </tbody>
        </table>
      )}
      {found !== null && found.emptied > 0 && <p class="hint">{say.emptied(found.emptied)}</p>}
    </section>
  );
}

/** What was secret is shortened here too: the panel may stand on somebody's screen. */
function KindLine({ kind: { kind, count, original, alias } }: { kind: ReplacedKind }) {
  return (
    <tr data-kind-of-secret={kind} data-count={count}>
      <th scope="row">{strings.exporting.kinds[kind]}</th>
      <td class="number">{count}</td>
      <td>
        <code>{visibleLine(shortened(original))}</code>
      </td>
      <td>
        <code>{visibleLine(alias)}</code>
      </td>
    </tr>
  );
}

interface ChoiceProps {
  readonly group: string;
  readonly value: string;
  readonly title: string;
  readonly text: string;
  readonly chosen: boolean;
  readonly choose: (value: string) => void;
}

function Choice({ group, value, title, text, chosen, choose }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name={group} value={value} checked={chosen} onChange={() => choose(value)} />
      <span>
        {title} <span class="hint">{text}</span>
      </span>
    </label>
  );
}

interface SwitchProps {
  readonly title: string;
  readonly text: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly set: (on: boolean) => void;
}

function Switch({ title, text, on, disabled = false, set }: SwitchProps) {
  return (
    <label class="choice">
      <input type="checkbox" checked={on} disabled={disabled} onChange={(event) => set(event.currentTarget.checked)} />
      <span>
        {title} <span class="hint">{text}</span>
      </span>
    </label>
  );
}
