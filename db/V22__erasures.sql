-- Erasures of users that have begun. Each is a job; its row is removed when nothing of the user is left.
create table erasure (
  id           varchar(36) primary key,
  user_id      varchar(255) not null unique,
  claim        varchar(36),
  claimed_till bigint,
  attempts     int not null,
  due_at       bigint not null
);
