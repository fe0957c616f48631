import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { connectForNow, disconnect, isReady, type RedisSettings } from './redis';

/** The channels of messages between instances. */
type Channel = 'operations' | 'state-changes';

/**
 * Messages between all instances through Redis. Each arrives once, or the listeners learn that messages may be
 * missing.
 */
export interface Bus {
  /** Sends a message to all listening instances, this one included. Rejects soon if it cannot be sent. */
  publish(channel: Channel, message: string): Promise<void>;
  /** Calls back for each message. */
  listen(channel: Channel, listener: (message: string) => void): void;
  /** Calls back when messages may be missing: lost by this instance or by their sender. */
  onMissed(listener: () => void): void;
  /** Whether messages of other instances arrive now. */
  isListening(): boolean;
  close(): Promise<void>;
}

/** The maximum number of unsent messages, so that a slow server cannot fill the memory of this process. */
const maxPending = 1000;
const pingMilliseconds = 2000;

interface Publisher {
  publish(channel: string, message: string): Promise<void>;
}

/**
 * Creates a publisher. After a lost message it notifies all listeners on the `missed` channel, as soon as it can send
 * again.
 */
function createPublisher(redis: Redis, missed: string): Publisher {
  let onTheirWay = 0;
  let hasLost = false;

  async function send(channel: string, message: string): Promise<void> {
    if (!isReady(redis) || onTheirWay >= maxPending) throw new Error('Redis cannot take messages now');
    onTheirWay++;
    try {
      await redis.publish(channel, message);
    } finally {
      onTheirWay--;
    }
  }

  async function publish(channel: string, message: string): Promise<void> {
    try {
      await send(channel, message);
    } catch (error) {
      hasLost = true;
      throw error;
    }
    reportLoss();
  }

  function reportLoss(): void {
    if (!hasLost) return;
    hasLost = false;
    publish(missed, '').catch(() => undefined);
  }

  redis.on('ready', reportLoss);
  return { publish };
}

/** Creates the subscriber of all channels. It subscribes again after each reconnection. */
function createSubscriber(
  settings: RedisSettings,
  channels: readonly string[],
  emitter: EventEmitter,
  onInterrupted: () => void,
) {
  // The publisher reports what is wrong with the server.
  const redis = connectForNow(settings, () => undefined);
  let isListening = false;

  async function listen(): Promise<void> {
    await redis.subscribe(...channels);
    isListening = isReady(redis);
  }

  redis.on('message', (channel: string, message: string) => void emitter.emit(channel, message));
  redis.on('ready', () => {
    // A connection that cannot subscribe is useless: open another.
    listen().catch(() => redis.disconnect(true));
  });
  const onClose = () => {
    if (isListening) onInterrupted();
    isListening = false;
  };
  redis.on('close', onClose);
  // A subscribed connection sends nothing by itself: without a ping, a lost host would go unnoticed.
  const pinging = setInterval(() => {
    if (isListening) redis.ping().catch(() => undefined);
  }, pingMilliseconds);

  return {
    isListening: () => isListening,
    async close() {
      clearInterval(pinging);
      redis.off('close', onClose);
      await disconnect(redis);
    },
  };
}

/**
 * Opens the bus. It does not wait for Redis.
 *
 * @param publisher the connection that sends messages; the caller closes it.
 * @param listens whether this process listens for messages.
 */
export function openBus(publisher: Redis, settings: RedisSettings, listens: boolean): Bus {
  const name = (channel: Channel | 'missed') => `${settings.prefix}:${channel}`;
  const emitter = new EventEmitter();
  const channels = [name('operations'), name('state-changes'), name('missed')];
  const { publish } = createPublisher(publisher, name('missed'));
  const subscriber = listens
    ? createSubscriber(settings, channels, emitter, () => void emitter.emit(name('missed')))
    : null;
  return {
    publish: (channel, message) => publish(name(channel), message),
    listen: (channel, listener) => void emitter.on(name(channel), listener),
    onMissed: listener => void emitter.on(name('missed'), () => listener()),
    isListening: () => subscriber?.isListening() ?? false,
    close: async () => subscriber?.close(),
  };
}
