-- The users that were here with a valid token, at least once: whom others may mention.
create table person (
  user_id varchar(255) primary key
);

insert into person (user_id)
  select user_id from photo
  union select user_id from transformation
  union select user_id from github_hook
  union select user_id from post where user_id is not null
  union select user_id from notification
  union select user_id from task
  union select user_id from quota_day where user_id <> '';
