import { chooseZone, type Zone, zone, zoneName } from './zone';

const zones: readonly Zone[] = ['local', 'utc'];

/** Switches all times between the zone of this machine and UTC. */
export function ZoneSwitch() {
  return (
    <fieldset class="segments" title={`Times are shown in ${zoneName(zone.value)}.`}>
      <legend class="visually-hidden">Zone of all times</legend>
      {zones.map(choice => (
        <label key={choice} class="segment">
          <input
            type="radio"
            name="zone"
            class="visually-hidden"
            checked={zone.value === choice}
            onChange={() => chooseZone(choice)}
          />
          <span>{choice === 'utc' ? 'UTC' : 'Local'}</span>
        </label>
      ))}
    </fieldset>
  );
}
