-- Sessions whose token is too large for a cookie, which then holds a reference.
create table kept_session (
  hash       varchar(64) primary key, -- SHA-256 of the reference, hexadecimal
  user_id    varchar(255) not null,
  token      varchar(65536) not null,
  expires_at bigint not null          -- when the token ends
);

create index kept_session_expired on kept_session (expires_at);
