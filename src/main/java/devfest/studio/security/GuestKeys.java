package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which the studio signs the tokens of guests. They are rows, so that all nodes share
 * them. A new one replaces a key of {@link #SIGNS}; the old one verifies until its last token has
 * expired. Thread-safe.
 */
@ApplicationScoped
class GuestKeys implements JWKSource<SecurityContext> {

  static final String ISSUER = "devfest-studio";
  static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;

  /** The longest life of a token that a guest gets. */
  static final Duration LONGEST = Duration.ofDays(7);

  private static final Duration SIGNS = Duration.ofDays(30);

  /** How often an unknown key id may cause a query, since anybody can invent one. */
  private static final long REREAD_NANOS = Duration.ofSeconds(5).toNanos();

  private final GuestSettings settings;
  private final Rows rows;
  private final Clock clock;
  private volatile @Nullable Loaded loaded;
  private volatile long attempted;

  /**
   * What was read.
   *
   * @param keys the newest first
   * @param shared their public halves
   */
  private record Loaded(List<Key> keys, JWKSet shared) {

    static Loaded of(List<Key> keys) {
      List<JWK> pairs = keys.stream().<JWK>map(Key::pair).toList();
      return new Loaded(keys, new JWKSet(pairs).toPublicJWKSet());
    }

    boolean hasKeyAfter(Instant instant) {
      return !keys.isEmpty() && keys.get(0).created().isAfter(instant);
    }
  }

  record Key(ECKey pair, Instant created) {}

  @Inject
  GuestKeys(GuestSettings settings, Rows rows, Clock clock) {
    this.settings = settings;
    this.rows = rows;
    this.clock = clock;
  }

  /**
   * Signs a token of a guest.
   *
   * @param end at most {@link #LONGEST} after now
   */
  String sign(String user, String name, List<String> groups, Instant now, Instant end) {
    return OwnTokens.sign(newest().pair(), ISSUER, user, name, groups, now, end);
  }

  private Key newest() {
    Instant old = clock.instant().minus(SIGNS);
    Loaded known = loaded;
    if (known == null || !known.hasKeyAfter(old)) {
      known = load();
    }
    if (!known.hasKeyAfter(old)) {
      rows.add(create(), clock.instant(), old.minus(LONGEST.multipliedBy(2)));
      known = load();
    }
    return known.keys().get(0);
  }

  private static ECKey create() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyID(UUID.randomUUID().toString())
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(ALGORITHM)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("A key for the tokens of guests cannot be created", e);
    }
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    if (!settings.on()) {
      return List.of();
    }
    try {
      Loaded known = loaded;
      List<JWK> found = known == null ? List.of() : selector.select(known.shared());
      if (found.isEmpty() && (known == null || System.nanoTime() - attempted > REREAD_NANOS)) {
        found = selector.select(load().shared());
      }
      return found;
    } catch (RuntimeException e) {
      throw new KeySourceException("The keys of guests cannot be read", e);
    }
  }

  private Loaded load() {
    attempted = System.nanoTime(); // also if it fails: invented key ids must not wait in an outage
    Loaded fresh = Loaded.of(rows.all());
    loaded = fresh;
    return fresh;
  }

  /** The table. Each call has its own transaction. */
  @ApplicationScoped
  @Transactional(TxType.REQUIRES_NEW)
  static class Rows {

    private final EntityManager em;

    @Inject
    Rows(EntityManager em) {
      this.em = em;
    }

    List<Key> all() {
      List<Key> keys = new ArrayList<>();
      for (Object row :
          em.createNativeQuery(
                  "select jwk, created_at from signing_key order by created_at desc, id")
              .getResultList()) {
        Object[] columns = (Object[]) row;
        try {
          keys.add(
              new Key(
                  ECKey.parse((String) columns[0]),
                  Instant.ofEpochMilli(((Number) columns[1]).longValue())));
        } catch (ParseException e) {
          throw new IllegalStateException("A row of signing_key is not a key", e);
        }
      }
      return List.copyOf(keys);
    }

    /** Adds a key, and deletes those whose tokens have expired. */
    void add(ECKey key, Instant now, Instant unused) {
      int ignored =
          em.createNativeQuery("insert into signing_key (id, jwk, created_at) values (?1, ?2, ?3)")
              .setParameter(1, key.getKeyID())
              .setParameter(2, key.toJSONString())
              .setParameter(3, now.toEpochMilli())
              .executeUpdate();
      ignored +=
          em.createNativeQuery("delete from signing_key where created_at < ?1")
              .setParameter(1, unused.toEpochMilli())
              .executeUpdate();
    }
  }
}
