-- All kinds of jobs have the same lease: claim, claimed_till, attempts, due_at.
alter table task add column due_at bigint;
update task set due_at = created_at;
create index task_due on task (status, due_at);
drop index task_open;

alter table github_delivery add column claim varchar(36);
alter table github_delivery add column claimed_till bigint;
alter table github_delivery add column attempts int not null default 0;
alter table github_delivery add column due_at bigint;
update github_delivery set due_at = received_at;
create index github_delivery_due on github_delivery (status, due_at);
drop index github_delivery_waiting;

-- Blobs to delete: added by the transaction after which nobody needs them, removed once they are deleted.
create table discarded_blob (
  id           varchar(36) primary key,
  blob_keys    varchar(4000) not null, -- separated by line breaks
  claim        varchar(36),
  claimed_till bigint,
  attempts     int not null,
  due_at       bigint not null
);

create index discarded_blob_due on discarded_blob (due_at);
