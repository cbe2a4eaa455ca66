package devfest.studio.log;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.concurrent.CompletionStage;

/** CDI's way of firing an event, with one observer. */
final class Signal<T> implements Event<T> {

  private final Runnable observer;

  Signal(Runnable observer) {
    this.observer = observer;
  }

  @Override
  public void fire(T event) {
    observer.run();
  }

  @Override
  public <U extends T> CompletionStage<U> fireAsync(U event) {
    throw new UnsupportedOperationException("would fire even when the transaction rolls back");
  }

  @Override
  public <U extends T> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
    return fireAsync(event);
  }

  @Override
  public Event<T> select(Annotation... qualifiers) {
    return this;
  }

  @Override
  public <U extends T> Event<U> select(Class<U> type, Annotation... qualifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <U extends T> Event<U> select(TypeLiteral<U> type, Annotation... qualifiers) {
    throw new UnsupportedOperationException();
  }
}
