-- The audit trail: who did what, from where, with which outcome.
create table audit (
  id          varchar(36) primary key,
  recorded_at bigint not null,
  node        varchar(64) not null,  -- the name of the node that recorded it
  user_id     varchar(255),          -- null without a valid token; 'erased' for an erased user
  action      varchar(40) not null,
  target      varchar(255),
  outcome     varchar(16) not null,  -- 'done' or 'refused'
  address     varchar(64),           -- of the client; null for the studio itself
  times       int not null           -- repetitions within a minute are one row
);

create index audit_recorded on audit (recorded_at, id);
create index audit_user on audit (user_id, recorded_at);
create index audit_target on audit (target);
