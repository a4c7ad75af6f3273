import type { StoredMessage } from '@colloquy/core';

export interface LiveListener {
  /** Also after every reconnection: what came meanwhile must be read again. */
  connected(): void;
  disconnected(): void;
  messages(items: readonly StoredMessage[]): void;
}

type LiveEvent = { readonly type: 'hello'; readonly heartbeatMs: number } | { readonly type: 'heartbeat' } | { readonly type: 'messages'; readonly items: readonly StoredMessage[] };

const firstDelayMs = 500;
const longestDelayMs = 10_000;

/** Keeps a connection to /live: tries again with growing delays, and gives up one that has fallen silent. */
export function liveSocket(listener: LiveListener): void {
  let delayMs = firstDelayMs;
  let silentMs = 60_000;

  const open = (): void => {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
    let watchdog: number | undefined;
    const heard = (): void => {
      clearTimeout(watchdog);
      watchdog = window.setTimeout(() => socket.close(), silentMs);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as LiveEvent;
      if (event.type === 'hello') {
        delayMs = firstDelayMs;
        silentMs = event.heartbeatMs * 2;
        listener.connected();
      } else if (event.type === 'messages') listener.messages(event.items);
      heard();
    };
    socket.onclose = () => {
      clearTimeout(watchdog);
      listener.disconnected();
      window.setTimeout(open, delayMs * (0.75 + Math.random() / 2));
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    };
  };
  open();
}
