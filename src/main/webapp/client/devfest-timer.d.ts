/** The countdown at `timestamp`; all times in seconds, to the millisecond. */
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
  /** No transport works at the moment; the client retries. */
  | { state: "waiting"; transport: Transport }
  | { state: "refused"; status: number }
  | { state: "closed" };

export interface TimerOptions {
  /** The address of the studio; see `studio` of devfest-studio.js. */
  studio?: string;
  /**
   * Of the countdown; default `/api/v1/timer`. The WebSocket is below it at `/ws`, the stream at
   * `/stream`.
   */
  url?: string;
  /**
   * A JWT, or a function that returns one; it is called for each connection. A page of the studio's
   * own origin needs none: the session cookie signs it in.
   */
  token?: string | null | (() => string | null | Promise<string | null>);
  /**
   * Fetches a new ticket for each WebSocket and stream; see `tickets` of devfest-studio.js.
   * Default: the client fetches a ticket with the token for each WebSocket, which cannot send the
   * token in a header.
   */
  ticket?: (signal: AbortSignal) => Promise<string>;
  /** The source of such tickets; default `/api/v1/events/tickets`. */
  tickets?: string;
  /**
   * The transports to try, the best first; default all three. The client moves to the next one when
   * a transport does not start, falls silent, or breaks twice in a row.
   */
  transports?: Transport[];
  /**
   * Milliseconds after which better transports are tried again, plus or minus a fifth; default
   * 30000.
   */
  probe?: number;
  /** Milliseconds within which a transport must deliver its first update; default 5000. */
  patience?: number;
  /** Milliseconds between two polls; default 1000. */
  every?: number;
  /**
   * The address for reports about the transports; default `/api/v1/metrics/clients`. Empty: no
   * reports.
   */
  reports?: string;
  /** Milliseconds between two reports, if there is something to report; default 15000. */
  reportEvery?: number;
}

export interface TimerConnection {
  /** The newest update; null before the first. */
  readonly update: TimerUpdate | null;
  readonly state: TimerState;
  /**
   * The time left in seconds; null before the first update. Continues between updates, by the
   * server's clock, which the client estimates from them.
   */
  now(): number | null;
  /**
   * Calls the listener with the newest update, if any, and with each new one; returns a function
   * that removes it.
   */
  on(listener: (update: TimerUpdate) => void): () => void;
  /**
   * Calls the listener with the current state and with each change; returns a function that removes
   * it.
   */
  onState(listener: (state: TimerState) => void): () => void;
  close(): void;
}

/** Follows the countdown until close(). */
export function connectTimer(options?: TimerOptions): TimerConnection;

/** For updates from elsewhere, such as the channel `timer` of a connection. */
export class Countdown {
  /** The newest update; null before the first. */
  readonly update: TimerUpdate | null;
  /** Takes an update that has just arrived; returns whether it is new. */
  take(update: TimerUpdate, at?: number): boolean;
  /** The time left in seconds; null before the first update. */
  now(at?: number): number | null;
  /** How many milliseconds longer an update took than the fastest one. */
  delay(update: TimerUpdate, at?: number): number;
}
