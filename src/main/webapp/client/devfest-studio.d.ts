/** What happens in the studio. `id` is its position in the log; null for what the log does not keep. */
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

/** The data of each event that the studio itself sends. */
export interface StudioEvents {
  "photo.uploaded": PhotoUploaded;
  "photo.deleted": PhotoDeleted;
  "transformation.started": TransformationData;
  "transformation.progress": TransformationData & { progress: number; currentStep: string };
  "transformation.completed": TransformationData & { resultUrl: string };
  "transformation.failed": TransformationData & { error: string };
  "transformation.cancelled": TransformationData;
  /** The stream is open: what was there before can be looked up now. */
  connected: { clientId?: string };
  /**
   * Events are missing: what is shown should be looked up anew. `oldest` and `latest` are the ends of
   * the log; `oldest` is null when a tab could not read what it missed before it joined another.
   */
  "stream.reset": { reason: "expired" | "unknown"; oldest: string | null; latest: string | null };
  "stream.closed": { reason: "token_expired" | "lifetime" | "revoked" | "shutdown" | "stalled" };
}

/** What comes on a channel. `id` is a position in the log; null for what the log does not keep. */
export interface ChannelFrame<Data = unknown> {
  channel: string;
  id: string | null;
  event: string;
  data: Data;
  /** Of the channel `events`. */
  timestamp?: string;
  userId?: string | null;
}

export type State =
  | { state: "connecting" }
  /**
   * `polling`: something on the way holds streams back, so the client asks again and again, and
   * progress is not seen. `shared`: another tab is connected, by `through`.
   */
  | { state: "live"; transport: "stream" | "polling" | "shared"; through?: "stream" | "polling" }
  /**
   * `reason` is `lost`, `silent` (nothing came, not even a heartbeat), `full`, `failed`, or the
   * server's own, such as `lifetime`; `seconds` counts down to the next try.
   */
  | { state: "waiting"; reason: string; seconds: number; attempt: number }
  /** The page is hidden. */
  | { state: "paused" }
  | { state: "refused"; status: number }
  /** `reason` is `closed`, `finished` or `gave_up`. */
  | { state: "closed"; reason: string };

type Value<T> = T | (() => T | Promise<T>);

export interface Options {
  /** Of the stream; default `/api/v1/events/stream`. */
  url?: string;
  /** Where to poll; default the stream's URL without `/stream`. */
  history?: string;
  /** Filters and options, as the stream takes them: `types`, `photoId`, `channels` … */
  query?: Record<string, string>;
  /**
   * Several feeds over this one connection: `events`, `notifications`, `quota`, `github`, `posts`,
   * `metrics`, `timer`, `games/{id}` … At least one, at most 50. The URL is then `/api/v1/stream`, and
   * tabs do not share: each channel begins with what there is, which a tab that joined later would
   * not see. Where streams are held back, `events` alone is polled; the others begin anew once a stream
   * comes through.
   */
  channels?: string[];
  /** A JWT, or where to get one; asked for each connection. */
  token?: Value<string | null>;
  /** Fetches a new ticket for each connection; see {@link tickets}. The signal aborts when it takes too long. */
  ticket?: (signal: AbortSignal) => Promise<string>;
  /** Whether the session cookie goes to another origin too. */
  cookie?: boolean;
  /**
   * Whose connection it is, when the token does not say so: tabs of different users share nothing.
   * With a ticket, the cookie or a token that can't be read, and without this, tabs do not share.
   */
  user?: string;
  /** Where to begin; default where this tab was, else live. */
  position?: string;
  /** Whether the position outlives a page load; default true. */
  resume?: boolean;
  /** Whether tabs of one user share one connection; default true. See `user`. */
  share?: boolean;
  /** Whether a hidden page lets go of its connection, asked when it is hidden; default true. */
  pauseWhenHidden?: boolean | (() => boolean);
  /** After so many failures in a row the client gives up; default never. */
  attempts?: number;
  /**
   * Milliseconds before the first try again at most, doubled each time up to the longest; 1000 and
   * 30000. Chance takes up to half of it away. A `Retry-After` is kept to, up to five minutes.
   */
  firstWait?: number;
  longestWait?: number;
  /** Milliseconds in which a stream must begin; default 6000. */
  patience?: number;
  /**
   * Milliseconds after which a stream without even a heartbeat is opened anew; default 35000. More
   * than the server's heartbeat.
   */
  silence?: number;
  /**
   * Milliseconds of polling after which streaming is tried again; default 120000. Twice as long each
   * time, up to an hour, until a stream has come through.
   */
  streamAgain?: number;
}

export interface Connection {
  /** Of the newest event that was handed over, or where the stream began; null before. */
  readonly position: string | null;
  readonly state: State;
  /** Those that are followed, or will be once there is a connection; null without the option `channels`. */
  readonly channels: string[] | null;
  /**
   * Calls the listener with each frame of a channel. Events of the channel `events` go to the listeners of
   * `on` too; those of other channels do not, as anybody who may publish may name an event `quota`.
   */
  onChannel<Data = unknown>(channel: string, listener: (frame: ChannelFrame<Data>) => void): () => void;
  /**
   * Follows these channels too, over the connection that is open; without one, the next asks for them. A
   * connection that can't be changed any more is opened anew.
   *
   * Fails, with `status` 400 or 403 and `channels`, when the studio has refused them: none of these is
   * followed then. What is refused only by the next connection is left out of it.
   */
  follow(...channels: string[]): Promise<void>;
  /** Follows these no longer; fails when none would be left. */
  leave(...channels: string[]): Promise<void>;
  on<Type extends keyof StudioEvents>(
    type: Type,
    listener: (event: StudioEvent<Type, StudioEvents[Type]>) => void,
  ): () => void;
  on(type: string, listener: (event: StudioEvent) => void): () => void;
  onState(listener: (state: State) => void): () => void;
  close(): void;
}

export function connect(options?: Options): Connection;
/** For the option `ticket`; fails when the server refuses one. */
export function tickets(token: Value<string>, url?: string): (signal?: AbortSignal) => Promise<string>;
/** Who a token is for; null when it can't be read. */
export function userOf(token: string): string | null;
/** The groups that a token names; none when it can't be read. */
export function groupsOf(token: string): string[];

export class Parser {
  /** The newest id; what to go on after. */
  lastId: string | null;
  /** `id` is the frame's own; null when it has none. */
  push(text: string): { id: string | null; name: string; data: string }[];
}
