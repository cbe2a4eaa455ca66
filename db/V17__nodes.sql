-- The nodes that are alive. A node renews its row; others remove a row that was not renewed in time.
create table node (
  id         varchar(36) primary key,
  name       varchar(64) not null,
  started_at bigint not null,
  seen_at    bigint not null
);
