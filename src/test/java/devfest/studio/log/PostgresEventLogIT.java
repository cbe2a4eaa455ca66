package devfest.studio.log;

class PostgresEventLogIT extends EventLogContract {

  @Override
  Database open() {
    return Database.postgres();
  }
}
