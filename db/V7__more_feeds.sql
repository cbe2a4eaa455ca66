-- Notifications of a user.
create table notification (
  id                varchar(36) primary key,
  user_id           varchar(255) not null, -- whose it is
  type              varchar(64) not null,
  text              varchar(1000) not null, -- 500 characters, of which each may count twice
  mentioned_by      varchar(255),
  transformation_id varchar(36),
  position          bigint not null,       -- of its event in the log
  created_at        bigint not null,
  read_at           bigint                 -- null: not read yet
);

create index notification_newest on notification (user_id, position);
create index notification_unread on notification (user_id, read_at, position);
create index notification_age on notification (position);

-- Games.
create table game (
  id          varchar(36) primary key,
  home        varchar(200) not null,
  away        varchar(200) not null,
  home_score  int not null,
  away_score  int not null,
  event_type  varchar(64) not null, -- what the last change is called
  created_at  bigint not null,
  updated_at  bigint not null,
  finished_at bigint,               -- null while it is played
  last_event  bigint                -- the position of its last event, once it is finished
);

create index game_newest on game (created_at, id);
create index game_finished on game (last_event, created_at, id);

-- The countdown that all share.
create table countdown (
  id         int primary key,
  length     bigint not null,  -- milliseconds
  used       bigint not null,  -- milliseconds of it that were used before it was started last
  started_at bigint,           -- null: it does not run
  completed  boolean not null
);

insert into countdown (id, length, used, started_at, completed) values (1, 3600000, 0, null, false);
