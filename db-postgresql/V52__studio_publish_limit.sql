-- Bounds the number of events of a transaction, because all other appends wait while they enter the log, and the depth of
-- their data, because readers of JSON refuse more.

-- The parameters have the names of the documentation; columns are qualified, so none is ambiguous.
create or replace function studio_publish(
  type text, data jsonb, user_id text default null, visibility text default 'private')
returns void
language plpgsql
security definer
as $$
declare
  name text := lower(studio_publish.type);
  brackets text;
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
  if octet_length(studio_publish.data::text) > 900 then
    brackets := regexp_replace(studio_publish.data::text, '"(\\.|[^"\\])*"|[^][{}]', '', 'g');
    if (select max(depth) > 900
        from (
          select sum(case when bracket in ('[', '{') then 1 else -1 end) over (order by place) as depth
          from unnest(string_to_array(brackets, null)) with ordinality as b (bracket, place)) d) then
      raise exception 'The data of an event has at most 900 levels'
        using errcode = 'program_limit_exceeded';
    end if;
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
  -- Those of this transaction: others do not see them, and the commit removes them.
  if (select count(*) from sql_publication) >= 1000 then
    raise exception 'A transaction publishes at most 1000 events'
      using errcode = 'program_limit_exceeded';
  end if;
  insert into sql_publication (type, data, user_id, visibility)
  values (studio_publish.type, studio_publish.data::text, studio_publish.user_id,
    upper(studio_publish.visibility));
end
$$;

-- Replacing a function removes its search path.
do $$
begin
  execute format('alter function studio_publish(text, jsonb, text, text) set search_path = %I, pg_temp',
    current_schema());
end
$$;
