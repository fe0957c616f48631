import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';

interface NoticeProps {
  readonly kind?: 'info' | 'warning' | 'success';
  readonly children: ComponentChildren;
  /** Offers to close it. */
  readonly onClose?: () => void;
}

const icons = { info: 'info', warning: 'warning', success: 'check' } as const;

/** Something to know that is not an error. */
export function Notice({ kind = 'info', children, onClose }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`}>
      <Icon name={icons[kind]} />
      <div class="notice-text">{children}</div>
      {onClose && (
        <button type="button" class="button button-quiet" onClick={onClose}>
          Close
        </button>
      )}
    </div>
  );
}
