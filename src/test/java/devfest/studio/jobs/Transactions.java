package devfest.studio.jobs;

import devfest.studio.log.Database;
import devfest.studio.tracing.Tracing;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Does the work of the container: one transaction per call, and events after the commit. */
public final class Transactions {

  private final Database database;
  private final Map<Thread, EntityManager> current = new ConcurrentHashMap<>();
  private final Map<Thread, List<JobsChanged>> fired = new ConcurrentHashMap<>();
  private volatile RuntimeException outage;
  private volatile Loop<?> loop;

  public Transactions(Database database) {
    this.database = database;
  }

  /** Every transaction fails by this; null for none. */
  public void fail(RuntimeException with) {
    outage = with;
  }

  /** Joins the thread's transaction, or begins and commits one. */
  public <T> T in(Supplier<T> work) {
    if (current.containsKey(Thread.currentThread())) {
      return work.get();
    }
    if (outage != null) {
      throw outage;
    }
    List<JobsChanged> events = new ArrayList<>();
    fired.put(Thread.currentThread(), events);
    T result =
        database.transaction(
            em -> {
              current.put(Thread.currentThread(), em);
              try {
                return work.get();
              } finally {
                current.remove(Thread.currentThread());
              }
            });
    for (JobsChanged changed : events) {
      Loop<?> running = loop;
      if (running != null && running.isOf(changed.type().getSimpleName())) {
        changed.ended().ifPresentOrElse(running::abort, running::wake);
      }
    }
    return result;
  }

  public void run(Runnable work) {
    Object ignored =
        in(
            () -> {
              work.run();
              return null;
            });
  }

  /** The entity manager of the thread's transaction. */
  public EntityManager em() {
    return proxy(
        EntityManager.class,
        (method, arguments) -> {
          try {
            return method.invoke(current.get(Thread.currentThread()), arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /** An event that nobody observes. */
  @SuppressWarnings("unchecked")
  public static <T> Event<T> silent() {
    return proxy(Event.class, (method, arguments) -> null);
  }

  /** An event whose observer is called at once. */
  @SuppressWarnings("unchecked")
  public static <T> Event<T> observed(Consumer<T> observer) {
    return proxy(
        Event.class,
        (method, arguments) -> {
          observer.accept((T) arguments[0]);
          return null;
        });
  }

  public Leases leases(Clock clock) {
    @SuppressWarnings("unchecked")
    Event<JobsChanged> event =
        proxy(
            Event.class,
            (method, arguments) ->
                fired.get(Thread.currentThread()).add((JobsChanged) arguments[0]));
    return new Transactional(em(), clock, event);
  }

  /** Begins to work on jobs; closing stops as the studio does. */
  public AutoCloseable work(Work<?> work, Leases leases) {
    Loop<?> running = new Loop<>(work, leases, Executors.defaultThreadFactory(), Tracing.off());
    loop = running;
    running.start();
    return () -> {
      running.stop();
      running.await(Duration.ofSeconds(10));
      loop = null;
    };
  }

  private interface Call {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.on(method, arguments)));
  }

  /** With a transaction for each call. */
  private final class Transactional extends Leases {

    Transactional(EntityManager em, Clock clock, Event<JobsChanged> changed) {
      super(em, clock, changed);
    }

    @Override
    public <J extends Job> Due due(
        Work<J> work, Collection<String> busy, int limit, Duration ahead) {
      return in(() -> super.due(work, busy, limit, ahead));
    }

    @Override
    public <J extends Job> Duration overdue(Work<J> work) {
      return in(() -> super.overdue(work));
    }

    @Override
    public <J extends Job> Optional<J> claim(Work<J> work, Attempt attempt) {
      return in(() -> super.claim(work, attempt));
    }

    @Override
    public <J extends Job> boolean renew(Work<J> work, Attempt attempt) {
      return in(() -> super.renew(work, attempt));
    }

    @Override
    public <J extends Job> Optional<J> lockClaimed(Work<J> work, Attempt attempt) {
      return in(() -> super.lockClaimed(work, attempt));
    }

    @Override
    <J extends Job> void release(Work<J> work, Attempt attempt) {
      Transactions.this.run(() -> super.release(work, attempt));
    }

    @Override
    <J extends Job> void suspend(Work<J> work, Attempt attempt, Duration pause) {
      Transactions.this.run(() -> super.suspend(work, attempt, pause));
    }

    @Override
    <J extends Job> boolean fail(Work<J> work, Attempt attempt, String reason, boolean lasting) {
      return in(() -> super.fail(work, attempt, reason, lasting));
    }
  }
}
