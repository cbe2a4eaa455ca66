-- Tasks: long pieces of work on an archive of photos.
create table task (
  id           varchar(36) primary key,
  user_id      varchar(255) not null,
  visibility   varchar(8) not null, -- of the photos
  status       varchar(16) not null,
  progress     int not null,
  error        varchar(500),
  attempts     int not null,
  claim        varchar(36),
  claimed_till bigint,
  created_at   bigint not null,
  last_event   bigint -- the position of its last event, once it has ended
);

create index task_open on task (status, created_at);
create index task_owner on task (user_id, status);
create index task_ended on task (last_event);

-- What became of each photo of the archive.
create table task_photo (
  task_id  varchar(36) not null,
  number   int not null, -- its place in the archive
  name     varchar(255) not null,
  photo_id varchar(36),  -- null when it was refused
  error    varchar(500),
  primary key (task_id, number)
);
