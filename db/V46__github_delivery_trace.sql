-- The step of a trace that caused a job, as in the header traceparent of W3C Trace Context; null unless traced.
alter table github_delivery add column traceparent varchar(55);
