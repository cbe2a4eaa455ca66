-- The id under which others see a user whose user id contains an e-mail address, for mentions.
alter table person add column public_id varchar(32);
create index person_public_id on person (public_id);
