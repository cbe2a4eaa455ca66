-- The step of a trace that caused an event, as in the header traceparent of W3C Trace Context; null unless traced.
alter table event_log add column traceparent varchar(55);
