-- Quota: how many transformations of a user's day were accepted and neither failed nor were cancelled.
create table quota_day (
  user_id   varchar(255) not null,
  epoch_day bigint not null, -- days since 1970-01-01 in studio.quota.zone
  used      int not null,
  primary key (user_id, epoch_day)
);

insert into quota_day (user_id, epoch_day, used) values ('', 0, 0); -- locked by who adds a row

alter table transformation add column quota_day bigint; -- the day it was counted on; null once given back

-- GitHub: hooks that users have made, and what was delivered to any hook.
create table github_hook (
  id         varchar(43) primary key, -- unguessable, part of the URL
  user_id    varchar(255) not null,
  name       varchar(100),
  secret     varchar(64) not null,
  created_at bigint not null
);

create index github_hook_owner on github_hook (user_id);

create table github_delivery (
  id             varchar(36) primary key,
  hook           varchar(43) not null, -- 'shared' for the organisers' own
  delivery_id    varchar(100) not null,
  user_id        varchar(255), -- whose hook it is; null for the shared one
  event          varchar(100) not null,
  repo_full_name varchar(255),
  facts          varchar(30000) not null, -- what a post may tell of it, JSON
  status         varchar(16) not null,
  error          varchar(500),
  received_at    bigint not null,
  position       bigint not null, -- of its event in the log
  unique (hook, delivery_id)
);

create index github_delivery_newest on github_delivery (position);
create index github_delivery_owner on github_delivery (user_id, position);
create index github_delivery_waiting on github_delivery (status, received_at);

-- Posts.
create table post (
  id           varchar(36) primary key,
  user_id      varchar(255), -- null for the organisers' own
  status       varchar(16) not null,
  title        varchar(200) not null,
  body         varchar(4000) not null,
  delivery_id  varchar(100),
  scheduled_at bigint,
  published_at bigint,
  error        varchar(500),
  attempts     int not null,
  due_at       bigint,       -- when it is tried next
  claim        varchar(36),  -- who publishes it
  claimed_till bigint,
  created_at   bigint not null,
  updated_at   bigint not null
);

create index post_newest on post (created_at, id);
create index post_owner_newest on post (user_id, created_at, id);
create index post_owner on post (user_id, status, created_at, id);
create index post_status on post (status, created_at, id);
create index post_due on post (status, due_at);

-- Numbers that are counted as they change, so that reading them costs the same however many there are.
create table feed_count (
  name  varchar(32) not null,  -- what is counted
  owner varchar(255) not null, -- a user; '' for what belongs to nobody; a line break for all
  total bigint not null,
  primary key (name, owner)
);

insert into feed_count (name, owner, total) values ('', '', 0); -- locked by who adds a row
