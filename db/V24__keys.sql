-- Random values that all nodes share. The first node that needs one sets it.
create table shared_key (
  name    varchar(32) primary key,
  content varchar(64) -- hexadecimal; null until it is needed
);

insert into shared_key (name, content) values ('public-ids', null); -- the key of pseudonyms
insert into shared_key (name, content) values ('hooks', null); -- SHA-256 of the key in the blob store
