-- The step of a trace that caused a job, as in the header traceparent of W3C Trace Context; null unless traced.
alter table discarded_blob add column traceparent varchar(55);
