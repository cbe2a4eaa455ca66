package devfest.studio.cluster;

import devfest.studio.settings.Values;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the messages between nodes.
 *
 * @param node the name of this node; empty for a random one
 * @param postgresUrl the JDBC URL of the database that carries messages; empty for the studio's own
 * @param natsUrls the servers of NATS; empty if none is set
 * @param natsCredentials a file with the credentials for NATS; empty if the URL has them or none
 *     are needed
 * @param natsPrefix the first part of the subjects
 */
public record ClusterSettings(
    Kind signal,
    Optional<String> node,
    Optional<String> postgresUrl,
    List<String> natsUrls,
    Optional<Path> natsCredentials,
    String natsPrefix) {

  /** What carries the messages. */
  public enum Kind {
    /** PostgreSQL if the studio uses it, otherwise none. */
    AUTO,
    NONE,
    POSTGRES,
    NATS
  }

  private static final String POSTGRES = "jdbc:postgresql:";
  private static final Set<String> NATS_SCHEMES = Set.of("nats", "tls", "ws", "wss");

  public static ClusterSettings from(Values values) {
    List<String> natsUrls =
        values
            .other(
                "studio.cluster.nats.url",
                "a comma-separated list of URLs such as nats://host:4222",
                value -> Values.parts(value).stream().allMatch(ClusterSettings::isNatsUrl),
                Values::parts)
            .orElse(List.of());
    return new ClusterSettings(
        values.other(
            "studio.cluster.signal",
            "auto",
            "auto, none, postgres, or nats, which needs studio.cluster.nats.url",
            value ->
                value.equals(name(kind(value)))
                    && (kind(value) != Kind.NATS || !natsUrls.isEmpty()),
            ClusterSettings::kind),
        values.other(
            "studio.cluster.node",
            "1 to 64 letters, digits, '.', '_' or '-'",
            value -> value.matches("[A-Za-z0-9._-]{1,64}"),
            value -> value),
        values.other(
            "studio.cluster.postgres-url",
            "a URL such as jdbc:postgresql://host:5432/studio",
            value ->
                value.startsWith(POSTGRES) && org.postgresql.Driver.parseURL(value, null) != null,
            value -> value),
        natsUrls,
        values.other(
            "studio.cluster.nats.credentials",
            "a file that can be read",
            value -> Files.isReadable(Path.of(value)) && Files.isRegularFile(Path.of(value)),
            Path::of),
        values.other(
            "studio.cluster.nats.prefix",
            "studio",
            "1 to 64 letters, digits, '_', '-', and '.' between them",
            value -> value.length() <= 64 && value.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*"),
            value -> value));
  }

  private static Kind kind(String value) {
    return Kind.valueOf(value.toUpperCase(Locale.ROOT));
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isNatsUrl(String value) {
    URI uri = URI.create(value);
    return uri.getScheme() != null
        && NATS_SCHEMES.contains(uri.getScheme())
        && uri.getHost() != null;
  }
}
