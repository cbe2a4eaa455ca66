-- A publisher may name a game, whose channel is games/ and the name.
alter table game alter column id set data type varchar(64);
alter table event_log alter column channel set data type varchar(80);
