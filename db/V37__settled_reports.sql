-- When an organiser has decided about the picture since, so that a user's objection counts once.
alter table picture_report add column settled_at bigint;
