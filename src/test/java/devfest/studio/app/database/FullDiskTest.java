package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Outage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database on a disk that fills up. */
public class FullDiskTest {

  private static volatile boolean full;

  @TempDir Path dir;
  private volatile long space = Long.MAX_VALUE;

  @BeforeEach
  void empty() {
    full = false;
    FilePath.register(new Disk());
  }

  @AfterEach
  void end() {
    full = false;
    pool.close();
    Outage.DISK.end();
    Outage.DATABASE.end();
  }

  private final Pool pool =
      new Pool(
          () ->
              H2Connection.open(
                  () ->
                      new org.h2.Driver()
                          .connect("jdbc:h2:disk:" + dir.resolve("db") + ";WRITE_DELAY=0", login()),
                  () -> space),
          2);

  private Connection open() {
    return LastingConnection.of(pool);
  }

  private static Properties login() {
    Properties login = new Properties();
    login.setProperty("user", "studio");
    login.setProperty("password", "");
    return login;
  }

  private static void insert(Connection connection, int id) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?)")) {
      insert.setInt(1, id);
      insert.setString(2, "x".repeat(3_000));
      insert.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static int count(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("select count(*) from t");
        ResultSet result = select.executeQuery()) {
      assertTrue(result.next());
      return result.getInt(1);
    }
  }

  private static void create(Connection connection) throws SQLException {
    try (PreparedStatement create =
        connection.prepareStatement("create table t (id int primary key, x varchar)")) {
      create.execute();
    }
  }

  @Test
  void aDatabaseClosedByAFullDiskIsReopened() throws Exception {
    try (Connection writer = open();
        Connection reader = open()) {
      create(writer);
      insert(writer, 1);
      assertEquals(1, count(reader));
      full = true;
      for (int id = 2; id < 5; id++) {
        int next = id;
        SQLException failure = assertThrows(SQLException.class, () -> insert(writer, next));
        assertEquals(Optional.of(Outage.DATABASE), Outage.of(failure));
      }
      assertTrue(Outage.DISK.isOn());
      full = false;
      insert(writer, 5);
      assertEquals(2, count(reader), "what was acknowledged, and no more");
      insert(reader, 6);
      assertEquals(3, count(writer));
    }
  }

  @Test
  void whenSpaceIsLowWritesAreRejectedAndReadsWork() throws Exception {
    try (Connection connection = open()) {
      create(connection);
      insert(connection, 1);
      space = 1_000_000;
      SQLException failure = assertThrows(SQLException.class, () -> insert(connection, 2));
      assertEquals(Optional.of(Outage.DATABASE), Outage.of(failure));
      assertTrue(Outage.DISK.isOn());
      assertFalse(Outage.DATABASE.isOn(), "one line is enough");
      assertEquals(1, count(connection));
      space = Long.MAX_VALUE;
      insert(connection, 2);
      assertEquals(2, count(connection));
    }
  }

  /** A file system that rejects writes while it is full. */
  public static final class Disk extends FilePathWrapper {

    @Override
    public String getScheme() {
      return "disk";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      return new DiskFile(super.open(mode));
    }
  }

  /** A file in it. */
  private static final class DiskFile extends FileBase {

    private final FileChannel file;

    DiskFile(FileChannel file) {
      this.file = file;
    }

    private static void checkSpace() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public synchronized int write(ByteBuffer bytes, long position) throws IOException {
      checkSpace();
      return file.write(bytes, position);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      checkSpace();
      return file.write(bytes);
    }

    @Override
    public synchronized int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return file.read(bytes);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.force(metaData);
    }

    @Override
    public java.nio.channels.FileLock tryLock(long position, long size, boolean shared)
        throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
