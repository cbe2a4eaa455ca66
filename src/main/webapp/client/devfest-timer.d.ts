/** How the countdown stood at `timestamp`; all in seconds, to the millisecond. */
export interface TimerUpdate {
  type: "timer_update";
  remaining: number;
  elapsed: number;
  /** Unix time of the server. */
  timestamp: number;
  running: boolean;
  game_completed: boolean;
}

export type Transport = "websocket" | "stream" | "polling";

export type TimerState =
  | { state: "connecting"; transport?: Transport }
  | { state: "live"; transport: Transport }
  /** Nothing comes through; it is tried again, and again. */
  | { state: "waiting"; transport: Transport }
  | { state: "refused"; status: number }
  | { state: "closed" };

export interface TimerOptions {
  /** Of the countdown; default `/api/v1/timer`. The WebSocket is below it at `/ws`, the stream at `/stream`. */
  url?: string;
  /** A JWT, or where to get one; asked for each connection. */
  token?: string | null | (() => string | null | Promise<string | null>);
  /**
   * Fetches a new ticket for each WebSocket and stream; see `tickets` of devfest-studio.js. Default: for
   * WebSockets, which can't send the token in a header, one is fetched with the token.
   */
  ticket?: (signal: AbortSignal) => Promise<string>;
  /** Where such tickets come from; default `/api/v1/events/tickets`. */
  tickets?: string;
  /**
   * The ways to be tried, the best first; default all three. It goes down a step where one does not come
   * about, falls silent, or breaks twice in a row.
   */
  transports?: Transport[];
  /** Milliseconds after which the better ways are tried again, give or take a fifth; default 30000. */
  probe?: number;
  /** Milliseconds in which a way must bring its first update; default 5000. */
  patience?: number;
  /** Milliseconds between questions where nothing else comes through; default 1000. */
  every?: number;
  /** Where it tells how it got on; default `/api/v1/metrics/clients`. Empty: nowhere. */
  reports?: string;
  /** Milliseconds between such reports, when there is something to tell; default 15000. */
  reportEvery?: number;
}

export interface TimerConnection {
  /** The newest; null before the first. */
  readonly update: TimerUpdate | null;
  readonly state: TimerState;
  /**
   * What is left at this moment, in seconds; null before the first update. Goes on between updates, by the
   * server's clock, which it learns from them.
   */
  now(): number | null;
  /** Calls the listener with the newest update, when there is one, and with each; returns how to stop it. */
  on(listener: (update: TimerUpdate) => void): () => void;
  onState(listener: (state: TimerState) => void): () => void;
  close(): void;
}

export function connectTimer(options?: TimerOptions): TimerConnection;

/** For updates that come another way, such as the channel `timer` of a connection. */
export class Countdown {
  readonly update: TimerUpdate | null;
  /** Takes an update that has just come; returns whether it is new. */
  take(update: TimerUpdate, at?: number): boolean;
  now(at?: number): number | null;
  /** Milliseconds that an update took beyond the quickest. */
  delay(update: TimerUpdate, at?: number): number;
}
