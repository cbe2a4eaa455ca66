-- Permissions that were revoked before they expire. Each node reads the new rows regularly and
-- closes the streams that the permission opened.
create table revocation (
  kind       varchar(16) not null,  -- what the subject identifies: 'session'
  subject    varchar(255) not null, -- of a session: SHA-256, hexadecimal
  revoked_at bigint not null,
  expires_at bigint not null,       -- when the permission expires anyway; the row is not needed then
  primary key (kind, subject)
);

create index revocation_revoked on revocation (revoked_at);
create index revocation_expired on revocation (expires_at);

-- Token buckets that all nodes share, one per limit and user.
create table rate (
  code    varchar(40) not null,  -- identifies the limit
  user_id varchar(255) not null,
  full_at bigint not null,       -- when the bucket is full again; the row is not needed then
  primary key (code, user_id)
);

-- Work of which each user has at most one at a time, on any node.
create table reservation (
  name       varchar(40) not null,
  user_id    varchar(255) not null,
  holder     varchar(36) not null, -- identifies the reservation
  node       varchar(36) not null, -- a reservation ends with its node
  expires_at bigint not null,
  primary key (name, user_id)
);

-- The users in each chat room. The transaction that inserts or deletes a row announces it.
create table presence (
  room    varchar(32) not null,
  user_id varchar(255) not null,
  primary key (room, user_id)
);

-- The nodes to which these users are connected. Changed only under the lock of the row in presence.
create table presence_node (
  room    varchar(32) not null,
  user_id varchar(255) not null,
  node    varchar(36) not null,
  primary key (room, user_id, node)
);

create index presence_node_node on presence_node (node);
