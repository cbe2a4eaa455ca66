-- Cursors on the log whose events are sent to URLs. A webhook is a job: claim, claimed_till, attempts, due_at.
create table webhook (
  id            varchar(36) primary key,
  user_id       varchar(255) not null,
  url           varchar(2000) not null,
  seed          varchar(43) not null, -- the secret is derived from it
  types         varchar(4100) not null, -- separated by commas; empty for all
  channels      varchar(4100) not null, -- separated by commas; empty for all
  format        varchar(16) not null,
  all_users     boolean not null, -- whether it gets the events of all users
  status        varchar(16) not null,
  reason        varchar(500), -- why it is disabled
  position      bigint not null, -- events up to here were delivered or do not match
  retry_to      bigint, -- the last position of the batch that is retried
  failures      int not null, -- since the last delivery
  failing_since bigint,
  tries         bigint not null, -- the number of attempts ever
  created_at    bigint not null,
  updated_at    bigint not null,
  claim         varchar(36),
  claimed_till  bigint,
  attempts      int not null,
  due_at        bigint
);
create index webhook_user on webhook (user_id, created_at);
create index webhook_due on webhook (status, due_at);

-- The last attempts of each webhook: one row for each slot of a ring.
create table webhook_attempt (
  id          varchar(48) primary key, -- webhook and slot
  webhook_id  varchar(36) not null,
  number      bigint not null,
  message_id  varchar(100) not null,
  events      int not null,
  status_code int, -- null without a response
  error       varchar(500),
  millis      bigint not null,
  at          bigint not null
);
create index webhook_attempt_number on webhook_attempt (webhook_id, number);
