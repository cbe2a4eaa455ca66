-- The user who created a game; null in rows of the previous version.
alter table game add column user_id varchar(255);
create index game_owner on game (user_id, created_at, id);
