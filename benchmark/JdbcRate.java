import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The rate at which plain JDBC writes rows of the shape of an event log, with nothing around it.
 *
 * <p>usage: java -cp DRIVER.jar JdbcRate.java URL USER PASSWORD SECONDS
 */
public class JdbcRate {

    private static final String DATA = "{\"t\":123456789012345,\"pad\":\"" + "x".repeat(145) + "\"}";
    private static final String INSERT =
            "insert into event_log_rate (position, type, visibility, user_id, channel, photo_id, transformation_id,"
                    + " recorded_at, schema_version, data) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static long position;

    public static void main(String[] args) throws SQLException {
        double seconds = Double.parseDouble(args[3]);
        try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2])) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("drop table if exists event_log_rate");
                statement.execute("create table event_log_rate (position bigint primary key, type varchar(100),"
                        + " visibility varchar(20), user_id varchar(100), channel varchar(100), photo_id varchar(100),"
                        + " transformation_id varchar(100), recorded_at bigint, schema_version smallint,"
                        + " data varchar(70000))");
            }
            connection.setAutoCommit(false);
            rate(connection, 1, 2); // warm-up
            double single = rate(connection, 1, seconds);
            rate(connection, 1000, 2);
            double batch = rate(connection, 1000, seconds);
            System.out.printf(java.util.Locale.ROOT, "{\"single\":%.0f,\"batch\":%.0f}%n", single, batch);
            try (Statement statement = connection.createStatement()) {
                statement.execute("drop table event_log_rate");
            }
            connection.commit();
        }
    }

    /** Rows a second, committed after every so many rows. */
    private static double rate(Connection connection, int rows, double seconds) throws SQLException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long written = 0;
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            while (System.nanoTime() < end) {
                for (int i = 0; i < rows; i++) {
                    fill(insert);
                    if (rows == 1) {
                        insert.executeUpdate();
                    } else {
                        insert.addBatch();
                    }
                }
                if (rows > 1) {
                    insert.executeBatch();
                }
                connection.commit();
                written += rows;
            }
        }
        return written / ((System.nanoTime() - start) / 1e9);
    }

    private static void fill(PreparedStatement insert) throws SQLException {
        insert.setLong(1, ++position);
        insert.setString(2, "bench");
        insert.setString(3, "public");
        for (int column = 4; column <= 7; column++) {
            insert.setString(column, null);
        }
        insert.setLong(8, System.currentTimeMillis());
        insert.setShort(9, (short) 1);
        insert.setString(10, DATA);
    }
}
