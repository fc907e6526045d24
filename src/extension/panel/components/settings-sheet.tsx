import { strings } from '../strings.ts';
import { useStore } from './context.ts';
import { KeepingSettings } from './keeping-settings.tsx';
import { ObservingSettings } from './observing-settings.tsx';
import { Sheet } from './sheet.tsx';
import { SuppressionSettings } from './suppression-settings.tsx';
import { WatchingSettings } from './watching-settings.tsx';

/** What the user sets once, for every session; a section for each concern. */
export function SettingsSheet() {
  const { settingsOpen } = useStore();
  if (!settingsOpen.value) return null;
  return (
    <Sheet
      title={strings.settings.title}
      close={() => {
        settingsOpen.value = false;
      }}
    >
      <div class="settings">
        <SuppressionSettings />
        <WatchingSettings />
        <ObservingSettings />
        <KeepingSettings />
      </div>
    </Sheet>
  );
}
