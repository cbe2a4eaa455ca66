-- Answers to requests that came with an Idempotency-Key, kept for a day.
create table known_reply (
  id         varchar(64) primary key,  -- SHA-256 of user, call and key
  request    varchar(64) not null,     -- SHA-256 of what was asked
  status     int not null,
  location   varchar(500),
  body       varchar(100000) not null, -- the JSON that was answered
  created_at bigint not null
);

create index known_reply_age on known_reply (created_at);
