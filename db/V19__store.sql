-- Identifies the blob store: the store contains the same marker. The first node that starts sets it.
create table blob_store (
  id     smallint primary key,
  marker varchar(36)
);

insert into blob_store (id, marker) values (1, null);
