package devfest.studio.feeds.tasks;

import devfest.studio.events.Event;
import devfest.studio.feed.Ending;
import devfest.studio.feed.PerId;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The progress of each task, by task id. */
@ApplicationScoped
class TaskFeed implements Ending<Scope.Thing>, PerId<Scope.Thing> {

  private final Tasks tasks;

  @Inject
  TaskFeed(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public String channel() {
    return Tasks.CHANNEL;
  }

  @Override
  public List<String> ids(Caller caller) {
    return caller.anonymous() ? List.of() : tasks.open(caller.user());
  }

  @Override
  public Optional<Scope.Thing> scope(Caller caller, String id) {
    return tasks
        .find(id)
        .filter(task -> caller.mayActFor(task.userId()))
        .map(task -> new Scope.Thing(task.id()));
  }

  @Override
  public List<Message> state(Scope.Thing task) {
    return tasks.find(task.id()).map(found -> new Message("progress", found.progress())).stream()
        .toList();
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return Scope.Thing.on(Tasks.CHANNEL, event);
  }

  @Override
  public Optional<String> end(Scope.Thing task) {
    return tasks.find(task.id()).map(Task::lastEvent).map(Object::toString);
  }
}
