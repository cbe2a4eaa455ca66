-- For the revocation of a user.
create index kept_session_user on kept_session (user_id);
