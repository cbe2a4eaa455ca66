-- Whether an organiser has decided about the picture since: a user's objection counts once.
alter table picture_report add column settled boolean default false not null;
