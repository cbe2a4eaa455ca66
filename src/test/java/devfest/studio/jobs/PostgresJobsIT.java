package devfest.studio.jobs;

import devfest.studio.log.Database;

class PostgresJobsIT extends JobsContract {

  @Override
  Database open() {
    return Database.postgres("chores");
  }
}
