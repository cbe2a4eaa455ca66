-- Names of event types that clients cannot publish, for publications by SQL: names in lower case, or prefixes that end in *.
create table reserved_type (
  pattern varchar(64) primary key
);
