-- The head of a new log. Two nodes that start at once would both insert it; Flyway runs this on one.
-- Positions start at the creation instant in microseconds, so that they are above those of an older log.
insert into event_head (id, origin, pruned, position, recorded_at)
select 1, t.micros, t.micros, t.micros, t.micros / 1000
from (select cast(extract(epoch from current_timestamp) * 1000000 as bigint) as micros) t
where not exists (select 1 from event_head);

-- Locked by the node that prunes, so that one node prunes at a time.
create table pruning (id smallint primary key);
insert into pruning (id) values (1);
