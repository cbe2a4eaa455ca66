-- Whether attendees see each other's public pictures; the PNG files of the logo and the frame.
alter table conference add column reveal boolean default true not null;
alter table conference add column logo_id varchar(36);
alter table conference add column frame_id varchar(36);
