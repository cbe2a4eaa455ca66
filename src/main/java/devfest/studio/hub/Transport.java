package devfest.studio.hub;

/** By which way a reader gets what happens. */
public enum Transport {
  /** Server-sent events. */
  STREAM,
  /** A WebSocket. */
  WEBSOCKET,
  /** Requests that wait for the next event. */
  POLLING
}
