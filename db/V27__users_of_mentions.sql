-- For an erasure.
create index notification_mentioned_by on notification (mentioned_by);
