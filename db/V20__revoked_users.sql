-- Users whose tokens were revoked: all that were issued up to an instant. Rows are only added, so
-- that nodes do not wait for each other; a later revocation of a user deletes the earlier ones.
create table revoked_user (
  id         varchar(36) primary key,
  subject    varchar(64) not null, -- SHA-256 of the user id, hexadecimal
  revoked_at bigint not null,
  expires_at bigint not null       -- when no such token is valid any longer
);

create index revoked_user_subject on revoked_user (subject);
create index revoked_user_revoked on revoked_user (revoked_at);
create index revoked_user_expired on revoked_user (expires_at);

-- A ticket is revoked with the token that it was issued for.
alter table ticket add column issued_at bigint; -- when that token was issued; null if unknown

create index ticket_user on ticket (user_id);
