-- What a reader may ask for by name is found at once, however rare it is among millions of events.
create index event_log_type on event_log (type, position);
create index event_log_photo on event_log (photo_id, position);
create index event_log_transformation on event_log (transformation_id, position);
