-- The user who caused an event but does not own it, for example the publisher. An erasure needs it.
alter table event_log add column author varchar(255);
create index event_log_author on event_log (author, position);
