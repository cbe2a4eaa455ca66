-- A stream that a ticket opens ends with the session that the ticket was got by.
alter table ticket add column session varchar(64); -- null for a token of the caller's own
