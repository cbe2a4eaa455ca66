package devfest.studio.log;

class PostgresEventLogTest extends EventLogContract {

  @Override
  Database open() {
    return Database.postgres();
  }
}
