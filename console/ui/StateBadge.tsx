import type { StateType } from '../generated/graphql';
import { Icon, type IconName } from './Icon';

const icons: Readonly<Record<StateType, IconName>> = {
  SCHEDULED: 'clock',
  PENDING: 'dots',
  RUNNING: 'play',
  COMPLETED: 'check',
  FAILED: 'cross',
  CANCELLED: 'stop',
  CRASHED: 'bolt',
  PAUSED: 'pause',
  CANCELLING: 'hourglass',
};

interface StateBadgeProps {
  /** null for a run without a state. */
  readonly type: StateType | null | undefined;
  /** The name of the state; the type by default. */
  readonly name?: string | null | undefined;
}

/** A state: icon, word and colour, with its type in the title if its name differs. */
export function StateBadge({ type, name }: StateBadgeProps) {
  if (!type) return <span class="muted">No state</span>;
  const word = name ?? type.charAt(0) + type.slice(1).toLowerCase();
  const isOwnName = word.toUpperCase() !== type;
  return (
    <span class={`state state-${type.toLowerCase()}`} title={isOwnName ? `Type ${type}` : undefined}>
      <Icon name={icons[type]} />
      {word}
    </span>
  );
}
