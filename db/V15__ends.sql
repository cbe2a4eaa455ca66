-- The key of the transient events that an event ends: progress of a job that has ended is not shown.
alter table event_log add column ends_key varchar(80);
