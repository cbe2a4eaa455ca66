-- Cursors on the log whose notifications are sent to browsers. A subscription is a job that is never closed: claim,
-- claimed_till, attempts, due_at.
create table push_subscription (
  id            varchar(36) primary key, -- derived from the endpoint
  user_id       varchar(255) not null,
  endpoint      varchar(2000) not null, -- the URL of the browser's push service
  p256dh        varchar(87) not null, -- the public key of the browser
  auth          varchar(22) not null, -- the secret of the browser
  language      varchar(2) not null,
  position      bigint not null, -- events up to here were delivered or do not concern it
  failures      int not null, -- since the last delivery
  failing_since bigint,
  created_at    bigint not null,
  claim         varchar(36),
  claimed_till  bigint,
  attempts      int not null,
  traceparent   varchar(55),
  due_at        bigint
);
create index push_subscription_user on push_subscription (user_id, created_at);
create index push_subscription_due on push_subscription (due_at);
