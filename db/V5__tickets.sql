-- Tickets for streams that have been handed out and not used: taking one deletes its row.
create table ticket (
  hash        varchar(64) primary key, -- SHA-256, hexadecimal
  user_id     varchar(255) not null,
  admin       boolean not null,
  publisher   boolean not null,
  token_until bigint not null, -- when the token ends that the ticket was got with
  expires_at  bigint not null
);
