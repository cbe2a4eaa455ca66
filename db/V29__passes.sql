-- Keys with which the studio signs the tokens of guests. All are valid; the newest one signs.
create table signing_key (
  id         varchar(36) primary key,
  jwk        varchar(1000) not null, -- the key pair (RFC 7517)
  created_at bigint not null
);

-- What lets people in without an identity provider. The secret is on posters and screens.
create table pass (
  id         varchar(36) primary key,
  secret     varchar(43) not null,
  name       varchar(100),
  created_at bigint not null,
  expires_at bigint not null,
  max_uses   integer, -- null for no limit
  uses       integer not null
);
create unique index pass_secret on pass (secret);

create table guest (
  user_id   varchar(255) primary key,
  pass_id   varchar(36) not null, -- the pass may have been deleted
  name      varchar(64) not null,
  joined_at bigint not null
);
create index guest_pass on guest (pass_id);
