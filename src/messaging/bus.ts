import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { connectForNow, disconnect, isReady, type RedisSettings } from './redis';

/** What messages are about. */
export type Channel = 'operations' | 'state-changes';

/** Messages between all instances, through Redis: each arrives once, or those who listen learn that some may be missing. */
export interface Bus {
  /** Sends a message to all instances that listen, this one included; rejects soon where it cannot be sent. */
  publish(channel: Channel, message: string): Promise<void>;
  /** Calls back at each message. */
  listen(channel: Channel, listener: (message: string) => void): void;
  /** Calls back whenever messages may have been missed here: by this instance, or by the one that was to send them. */
  onMissed(listener: () => void): void;
  /** Whether what others send arrives here now. */
  isListening(): boolean;
  close(): Promise<void>;
}

/** Messages on their way at most: a server that takes them too slowly does not fill this process's memory. */
const maxPending = 1000;
const lookMilliseconds = 2000;

interface Publisher {
  publish(channel: string, message: string): Promise<void>;
}

/** Publishes, and remembers a message that was lost until all who listen have been told on the `missed` channel. */
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
    tellOfLoss();
  }

  function tellOfLoss(): void {
    if (!hasLost) return;
    hasLost = false;
    publish(missed, '').catch(() => undefined);
  }

  redis.on('ready', tellOfLoss);
  return { publish };
}

/** Subscribes to channels, whenever there is a connection; answers how to know that it is so, and how to stop. */
function createSubscriber(
  settings: RedisSettings,
  channels: readonly string[],
  emitter: EventEmitter,
  onInterrupted: () => void,
) {
  const redis = connectForNow(settings);
  let isListening = false;

  async function listen(): Promise<void> {
    await redis.subscribe(...channels);
    isListening = isReady(redis);
  }

  redis.on('error', () => undefined);
  redis.on('message', (channel: string, message: string) => void emitter.emit(channel, message));
  redis.on('ready', () => {
    // Until it is subscribed the connection is of no use: it is opened anew.
    listen().catch(() => redis.disconnect(true));
  });
  const onClose = () => {
    if (isListening) onInterrupted();
    isListening = false;
  };
  redis.on('close', onClose);
  // Nothing is sent while nothing happens: without a question now and then, a lost host would not be noticed.
  const looking = setInterval(() => {
    if (isListening) redis.ping().catch(() => undefined);
  }, lookMilliseconds);

  return {
    isListening: () => isListening,
    async close() {
      clearInterval(looking);
      redis.off('close', onClose);
      await disconnect(redis);
    },
  };
}

/**
 * Opens the bus; it does not wait for Redis.
 *
 * @param publisher sends the messages, and stays open.
 * @param listens whether this process wants to hear anything.
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
