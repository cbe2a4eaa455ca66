create table photo (
  id          varchar(36) primary key,
  user_id     varchar(255) not null,
  visibility  varchar(8) not null,
  format      varchar(8) not null,
  width       int not null,
  height      int not null,
  size        bigint not null,
  uploaded_at bigint not null
);

create index photo_owner on photo (user_id, uploaded_at, id);
