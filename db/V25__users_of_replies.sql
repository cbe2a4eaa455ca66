-- The user to whom a stored reply was sent; null in rows of the previous version, which last a day.
alter table known_reply add column user_id varchar(255);
create index known_reply_user on known_reply (user_id);
