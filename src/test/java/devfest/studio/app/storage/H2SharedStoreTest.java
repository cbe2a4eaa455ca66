package devfest.studio.app.storage;

import devfest.studio.log.Database;

class H2SharedStoreTest extends SharedStoreContract {

  @Override
  Database database() {
    return Database.h2(dir.resolve("database"));
  }
}
