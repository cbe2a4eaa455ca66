-- The log of everything that happened. Runs on H2 and on PostgreSQL.
-- Instants are milliseconds since 1970-01-01T00:00Z, so that no time zone can get between.

-- One row: its lock is what gives positions out in commit order.
create table event_head (
  id          smallint primary key,
  origin      bigint not null, -- every position of this log lies above it
  pruned      bigint not null, -- retention removed everything up to here
  position    bigint not null, -- the newest position given out
  recorded_at bigint not null  -- instant of the newest event; never goes back
);

create table event_log (
  position          bigint primary key,
  type              varchar(64) not null,
  visibility        varchar(8) not null,
  user_id           varchar(255),
  channel           varchar(64) not null,
  photo_id          varchar(36),
  transformation_id varchar(36),
  recorded_at       bigint not null,
  schema_version    smallint not null,
  data              varchar(70000) not null
);

create index event_log_owner on event_log (user_id, position);
create index event_log_visibility on event_log (visibility, position);
create index event_log_channel on event_log (channel, position);

-- Statistics, counted at append.
create table event_count (
  type  varchar(64) primary key,
  total bigint not null
);

create table event_minute (
  epoch_minute bigint not null, -- minutes since 1970-01-01T00:00Z
  type         varchar(64) not null,
  total        bigint not null,
  primary key (epoch_minute, type)
);
