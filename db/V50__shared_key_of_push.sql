-- The key pair with which the studio identifies itself to push services (VAPID): public half, dot, private half, in base64url.
alter table shared_key alter column content set data type varchar(200);
insert into shared_key (name, content) values ('push', null);
