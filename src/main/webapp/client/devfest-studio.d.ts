/**
 * An event of the studio. `id` is its position in the log; null for events that the log does not
 * keep.
 */
export interface StudioEvent<Type extends string = string, Data = unknown> {
  id: string | null;
  event: Type;
  /** ISO 8601, UTC, milliseconds. */
  timestamp?: string;
  userId?: string | null;
  data: Data;
}

export interface PhotoUploaded {
  photoId: string;
  userId: string;
  photoUrl: string;
  thumbnailUrl: string;
}

export interface PhotoDeleted {
  photoId: string;
  userId: string;
}

export interface TransformationData {
  transformationId: string;
  userId: string;
  photoId: string;
  styleId: string;
}

/** The data of each event that the studio itself publishes. */
export interface StudioEvents {
  "photo.uploaded": PhotoUploaded;
  "photo.deleted": PhotoDeleted;
  "transformation.started": TransformationData;
  "transformation.progress": TransformationData & { progress: number; currentStep: string };
  "transformation.completed": TransformationData & { resultUrl: string };
  "transformation.failed": TransformationData & { error: string };
  "transformation.cancelled": TransformationData;
  /** The stream is open: earlier state can be loaded now. */
  connected: { clientId?: string };
  /**
   * Events are missing: the page should reload its state. `oldest` and `latest` are the ends of the
   * log; `oldest` is null if a tab could not read the events that it missed before it joined
   * another tab.
   */
  "stream.reset": { reason: "expired" | "unknown"; oldest: string | null; latest: string | null };
  "stream.closed": { reason: "token_expired" | "lifetime" | "revoked" | "shutdown" | "stalled" };
}

/**
 * A frame of a channel. `id` is a position in the log; null for frames that the log does not keep.
 */
export interface ChannelFrame<Data = unknown> {
  channel: string;
  id: string | null;
  event: string;
  data: Data;
  /** Only on the channel `events`. */
  timestamp?: string;
  userId?: string | null;
}

export type State =
  | { state: "connecting" }
  /**
   * `polling`: a proxy holds streams back, so the client polls the history, which has no progress
   * events. `shared`: another tab has the connection, over `through`.
   */
  | { state: "live"; transport: "stream" | "polling" | "shared"; through?: "stream" | "polling" }
  /**
   * `reason` is `lost`, `offline` (the device has no network), `silent` (no data, not even a
   * heartbeat), `full`, `failed`, or the server's reason, such as `lifetime`; `seconds` counts down
   * to the next attempt.
   */
  | { state: "waiting"; reason: string; seconds: number; attempt: number }
  /** The page is hidden. */
  | { state: "paused" }
  | { state: "refused"; status: number }
  /** `reason` is `closed`, `finished` or `gave_up`. */
  | { state: "closed"; reason: string };

type Value<T> = T | (() => T | Promise<T>);

export interface Options {
  /**
   * The address of the studio; default the one that serves this module. Needed if the module comes
   * from elsewhere, such as a package.
   */
  studio?: string;
  /** The address of the stream; default `/api/v1/events/stream`. */
  url?: string;
  /** The address to poll; default the stream's address without `/stream`. */
  history?: string;
  /** The stream's query parameters: `types`, `photoId`, `channels` … */
  query?: Record<string, string>;
  /**
   * Several feeds over this one connection: `events`, `notifications`, `quota`, `github`, `posts`,
   * `metrics`, `timer`, `games/{id}` … At least one, at most 50. The address is then
   * `/api/v1/stream`, and tabs do not share: each channel begins with a snapshot, which a tab that
   * joins later would miss. Where a proxy holds streams back, only `events` is polled; the other
   * channels begin again with the next stream.
   */
  channels?: string[];
  /**
   * A JWT, or a function that returns one; it is called for each connection. A page of the studio's
   * own origin needs none: the session cookie of `POST /api/v1/session` signs it in.
   */
  token?: Value<string | null>;
  /**
   * Fetches a new ticket for each connection; see {@link tickets}. The signal aborts if that takes
   * too long.
   */
  ticket?: (signal: AbortSignal) => Promise<string>;
  /** Whether the session cookie is sent to another origin. */
  cookie?: boolean;
  /**
   * The user of the connection, if the token does not name one: tabs of different users do not
   * share. With a ticket, an unreadable token, or a session cookie that may be there, tabs share
   * only if this is set.
   */
  user?: string;
  /** Where to begin; default after this tab's last position, else live. */
  position?: string;
  /**
   * Whether the position outlives a page load; default true. A program without pages stores
   * `position` itself.
   */
  resume?: boolean;
  /** Whether tabs of one user share one connection; default true. See `user`. */
  share?: boolean;
  /**
   * Whether a hidden page releases its connection; a function is called when it is hidden; default
   * true.
   */
  pauseWhenHidden?: boolean | (() => boolean);
  /** The number of failures in a row after which the client stops; default unlimited. */
  attempts?: number;
  /**
   * The longest wait before the first retry in milliseconds, doubled each time up to the longest of
   * all; default 1000 and 30000. A random part of up to half is subtracted. The client obeys
   * `Retry-After`, up to five minutes.
   */
  firstWait?: number;
  longestWait?: number;
  /** Milliseconds within which a stream must begin; default 6000. */
  patience?: number;
  /**
   * Milliseconds without data, not even a heartbeat, after which a stream is reopened; default
   * 35000. Must be longer than the server's heartbeat interval.
   */
  silence?: number;
  /**
   * Milliseconds of polling after which a stream is tried again; default 120000. Doubled each time,
   * up to an hour, until a stream comes through.
   */
  streamAgain?: number;
}

export interface Connection {
  /**
   * The position of the newest event that was delivered, or where the stream began; null before.
   */
  readonly position: string | null;
  readonly state: State;
  /**
   * The channels that are followed, or will be on the next stream; null without the option
   * `channels`.
   */
  readonly channels: string[] | null;
  /**
   * Calls the listener with each frame of a channel; returns a function that removes it. Events of
   * the channel `events` also go to the listeners of `on`. Frames of other channels do not, because
   * publishers choose the names of events and may use `quota`.
   */
  onChannel<Data = unknown>(
    channel: string,
    listener: (frame: ChannelFrame<Data>) => void,
  ): () => void;
  /**
   * Adds channels to the open stream; without one, the next stream includes them. A stream that
   * cannot be changed any more is reopened.
   *
   * Rejects with `status` 400 or 403 and `channels` if the studio rejects them; none of them is
   * followed then. A channel that the next stream rejects is left out of it.
   */
  follow(...channels: string[]): Promise<void>;
  /** Removes channels; rejects if none would remain. */
  leave(...channels: string[]): Promise<void>;
  /**
   * Calls the listener with each event of a type, or with all for `*`; returns a function that
   * removes it.
   */
  on<Type extends keyof StudioEvents>(
    type: Type,
    listener: (event: StudioEvent<Type, StudioEvents[Type]>) => void,
  ): () => void;
  on(type: string, listener: (event: StudioEvent) => void): () => void;
  /**
   * Calls the listener with the current state and with each change; returns a function that removes
   * it.
   */
  onState(listener: (state: State) => void): () => void;
  close(): void;
}

/** Opens a connection that lasts until close(). */
export function connect(options?: Options): Connection;
/**
 * Returns a function for the option `ticket`. It rejects if the server refuses a ticket. `url` is
 * that of the tickets, `/api/v1/events/tickets` of the studio; needed where `studio` is.
 */
export function tickets(
  token: Value<string>,
  url?: string,
): (signal?: AbortSignal) => Promise<string>;
/** The user that a token names; null if the token is not readable. */
export function userOf(token: string | null): string | null;
/** The groups that a token names; empty if the token is not readable. */
export function groupsOf(token: string | null): string[];

/** Splits the text of a text/event-stream response into frames. */
export class Parser {
  /** The newest id: where to resume. */
  lastId: string | null;
  /**
   * Takes the next piece of text and returns the frames that it completes. `id` is null if a frame
   * has none.
   */
  push(text: string): { id: string | null; name: string; data: string }[];
}
