package devfest.studio.webhooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.delivery.DeliverySettings;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.log.Logs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksTest {

  @TempDir private static Path dir;
  private static Database database;

  private final Transactions transactions = new Transactions(database);
  private final Leases leases = transactions.leases(Clock.systemUTC());
  private final Webhooks webhooks =
      new Webhooks(
          transactions.em(),
          Logs.reader(transactions.em()),
          leases,
          null,
          new DeliverySettings(false, Duration.ofDays(1)),
          Clock.systemUTC(),
          Transactions.silent(),
          Transactions.silent());
  private final Courier courier = new Courier(webhooks, null, null);
  private final long head = database.transaction(em -> Logs.reader(em).bounds().latest());
  private final Webhook webhook =
      new Webhook(
          "ann",
          true,
          new Webhook.Target(
              URI.create("https://example.org/"), List.of(), List.of(), Format.STANDARD),
          head,
          Instant.now());

  @BeforeAll
  static void openDatabase() {
    database = Database.h2(dir);
    database.run(em -> Logs.of(em).open(false));
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void create() {
    transactions.run(() -> transactions.em().persist(webhook));
  }

  private Attempt claim() {
    Attempt attempt = new Attempt(webhook.id(), "", Optional.empty());
    assertTrue(leases.claim(courier, attempt).isPresent());
    return attempt;
  }

  private void publish() {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("1").build();
    transactions.run(() -> Logs.of(transactions.em()).append(event));
  }

  @Test
  void anEventThatMeetsTheEndOfAnAttemptWakesTheWebhook() {
    Attempt attempt = claim();
    boolean more =
        transactions.in(
            () -> {
              boolean found = webhooks.advance(courier, attempt, head);
              publishAndWake();
              return found;
            });
    assertFalse(more);
    transactions.run(() -> webhooks.rest(webhook.id(), head));
    Attempt next = claim();
    assertTrue(transactions.in(() -> webhooks.advance(courier, next, head)), "it finds the event");
  }

  /** On another thread, and for at most a second, in case that the database waits for the row. */
  private void publishAndWake() {
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              publish();
              transactions.run(() -> webhooks.wake(List.of(webhook.id())));
            });
    Void ignored = other.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
  }

  @Test
  void aWebhookWithManyEventsTakesTurnsWithOthers() {
    Attempt attempt = claim();
    publish();
    assertTrue(transactions.in(() -> webhooks.advance(courier, attempt, head)));
    await().until(() -> !transactions.in(() -> webhooks.advance(courier, attempt, head)));
    Attempt ignored = claim();
  }
}
