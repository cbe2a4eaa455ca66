-- What a hidden picture was before, so that showing it again does not approve it.
alter table transformation add column hidden_from varchar(8);
