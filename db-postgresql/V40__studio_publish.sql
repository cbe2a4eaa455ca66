-- Publishing by SQL, in a transaction of another application (docs/integrate.md, docs/decisions/publish-by-sql.md).

-- Contains rows only until the end of the transaction that has inserted them.
create table sql_publication (
  id         bigint generated always as identity primary key,
  type       varchar(64) not null,
  data       varchar(70000) not null,
  user_id    varchar(255),
  visibility varchar(8) not null
);

-- The parameters have the names of the documentation; columns are qualified, so none is ambiguous.
create function studio_publish(
  type text, data jsonb, user_id text default null, visibility text default 'private')
returns void
language plpgsql
security definer
as $$
declare
  name text := lower(studio_publish.type);
begin
  if studio_publish.type is null
      or studio_publish.type !~ '^[A-Za-z][A-Za-z0-9_.-]{0,63}$' then
    raise exception 'type must be a name that matches [A-Za-z][A-Za-z0-9_.-]{0,63}'
      using errcode = 'invalid_parameter_value';
  end if;
  if exists (
      select 1 from reserved_type r, unnest(array[name, regexp_replace(name, '[._-]+$', '')]) n
      where n = r.pattern
        or (r.pattern like '%*' and starts_with(n, left(r.pattern, -1)))) then
    raise exception 'The event name ''%'' is reserved', studio_publish.type
      using errcode = 'invalid_parameter_value';
  end if;
  if studio_publish.data is null then
    raise exception 'data is required; it may be any JSON value'
      using errcode = 'null_value_not_allowed';
  end if;
  if octet_length(studio_publish.data::text) > 65536 then
    raise exception 'The data of an event has at most 65536 bytes'
      using errcode = 'program_limit_exceeded';
  end if;
  if studio_publish.visibility is null
      or studio_publish.visibility not in ('public', 'private') then
    raise exception 'visibility must be ''public'' or ''private'''
      using errcode = 'invalid_parameter_value';
  end if;
  if length(studio_publish.user_id) not between 1 and 255
      or studio_publish.user_id ~ '[[:cntrl:]]' then
    raise exception 'user_id must have 1 to 255 characters, without control characters'
      using errcode = 'invalid_parameter_value';
  end if;
  insert into sql_publication (type, data, user_id, visibility)
  values (studio_publish.type, studio_publish.data::text, studio_publish.user_id,
    upper(studio_publish.visibility));
end
$$;

-- Appends to the log as log/EventLog does. Runs when the transaction commits, so the lock on the log's head, for which
-- all other appends wait, is held for that moment only.
create function sql_publication_append() returns trigger
language plpgsql
security definer
as $$
declare
  at bigint;
  place bigint;
  counted text := new.type;
begin
  update event_head h
  set position = h.position + 1,
    recorded_at = greatest(h.recorded_at, floor(extract(epoch from clock_timestamp()) * 1000)::bigint)
  where h.id = 1
  returning h.position, h.recorded_at into place, at;
  insert into event_log
    (position, recorded_at, type, visibility, user_id, channel, data, schema_version)
  values (place, at, new.type, new.visibility, new.user_id, 'events', new.data, 1);
  delete from sql_publication p where p.id = new.id;

  -- The number of types with a count of their own is bounded: see log/Counts.
  update event_count c set total = c.total + 1 where c.type = counted;
  if not found then
    if (select count(*) from event_count) >= 900 then
      counted := '(other)';
    end if;
    insert into event_count as c (type, total) values (counted, 1)
    on conflict (type) do update set total = c.total + 1;
  end if;
  insert into event_minute as m (epoch_minute, type, total) values (at / 60000, counted, 1)
  on conflict (epoch_minute, type) do update set total = m.total + 1;

  -- Wakes the nodes whose signal is PostgreSQL; others look once per second.
  perform pg_notify('devfest_studio', '{"v":1,"node":"sql","kind":"head","data":{}}');
  return null;
end
$$;

create constraint trigger sql_publication_append
  after insert on sql_publication
  deferrable initially deferred
  for each row execute function sql_publication_append();

-- Other roles get the right to publish by a grant on the function alone. A fixed search path keeps them from putting
-- tables of their own before ours.
do $$
begin
  execute format('alter function studio_publish(text, jsonb, text, text) set search_path = %I, pg_temp',
    current_schema());
  execute format('alter function sql_publication_append() set search_path = %I, pg_temp', current_schema());
end
$$;
revoke all on function studio_publish(text, jsonb, text, text) from public;
revoke all on function sql_publication_append() from public;
