package devfest.studio.hub;

/** How a client receives events. */
public enum Transport {
  /** Server-sent events. */
  STREAM,
  /** A WebSocket. */
  WEBSOCKET,
  /** Long polling: requests that wait for the next event. */
  POLLING
}
