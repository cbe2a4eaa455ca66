package devfest.studio.feeds.tasks;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How far each task is. Its view is the task's id. */
@ApplicationScoped
class TaskFeed implements Feed {

  @Inject private Tasks tasks;

  @Override
  public String channel() {
    return Tasks.CHANNEL;
  }

  @Override
  public boolean ofMany() {
    return true;
  }

  @Override
  public List<String> ids(Caller caller) {
    return caller.anonymous() ? List.of() : tasks.open(caller.userId());
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return tasks.find(id).filter(task -> caller.mayActFor(task.userId())).map(Task::id);
  }

  @Override
  public Snapshot snapshot(String id) {
    return new Snapshot(state(id), null);
  }

  @Override
  public List<Message> state(String id) {
    return tasks.find(id).map(task -> new Message("progress", task.progress())).stream().toList();
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return event.channel().startsWith(Tasks.CHANNEL + '/')
        ? Optional.of(id -> event.channel().endsWith('/' + id))
        : Optional.empty();
  }

  @Override
  public Optional<String> end(String id) {
    return tasks.find(id).map(Task::lastEvent).map(Object::toString);
  }
}
