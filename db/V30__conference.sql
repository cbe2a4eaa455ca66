-- What the organisers say about the event. One row.
create table conference (
  id              smallint primary key,
  name            varchar(100) not null,
  tagline         varchar(200),
  accent          varchar(7),
  starts_at       bigint,
  ends_at         bigint,
  join_url        varchar(500),
  moderation      varchar(6) not null, -- BEFORE a public picture is shown, or AFTER
  announcement    varchar(280),
  announced_until bigint
);

insert into conference (id, name, moderation) values (1, 'DevFest Studio', 'AFTER');
