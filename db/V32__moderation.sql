-- Whether others see a public picture: SHOWN, WAITING for an organiser, or HIDDEN.
alter table transformation add column display varchar(8) default 'SHOWN' not null;
create index transformation_display on transformation (display);

create table picture_report (
  transformation_id varchar(36) not null,
  user_id           varchar(255) not null,
  reason            varchar(280),
  reported_at       bigint not null,
  primary key (transformation_id, user_id)
);
create index picture_report_user on picture_report (user_id);

-- Photos and results whose links answer 404.
create table hidden_file (
  id varchar(36) primary key
);
