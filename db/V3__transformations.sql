-- A transformation is its own job: the rows are the queue.
create table transformation (
  id           varchar(36) primary key,
  photo_id     varchar(36) not null references photo (id) on delete cascade,
  style_id     varchar(64) not null,
  user_id      varchar(255) not null,
  visibility   varchar(8) not null,
  status       varchar(16) not null,
  progress     double precision not null,
  current_step varchar(32),
  error        varchar(500),
  attempts     int not null,
  claim        varchar(36),          -- who works on it, new for each claim
  claimed_till bigint,               -- after this anyone may take it over
  due_at       bigint not null,      -- not before this instant
  queued_at    bigint not null,
  created_at   bigint not null,
  started_at   bigint,
  completed_at bigint
);

create index transformation_owner on transformation (user_id, created_at, id);
create index transformation_photo on transformation (photo_id);
create index transformation_queue on transformation (status, due_at, queued_at);
create index transformation_recent on transformation (visibility, created_at);
