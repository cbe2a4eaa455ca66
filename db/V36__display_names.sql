-- The name under which others see a user, as the user's newest token gave it.
alter table person add column display_name varchar(64);
