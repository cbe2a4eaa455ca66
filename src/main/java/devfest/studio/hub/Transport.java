package devfest.studio.hub;

/** How a client receives events. */
public enum Transport {
  /** Server-sent events. */
  STREAM,
  /** Server-sent events that only test the connection. They have slots of their own. */
  TEST,
  /** A WebSocket. */
  WEBSOCKET,
  /** Long polling: requests that wait for the next event. */
  POLLING
}
