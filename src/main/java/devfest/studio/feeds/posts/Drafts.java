package devfest.studio.feeds.posts;

import devfest.studio.base.Text;
import devfest.studio.events.Activity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;

/** Makes drafts of what is worth telling: a release, a merged pull request, a push to main. */
@ApplicationScoped
class Drafts {

  private final Posts posts;
  private final Templates templates;

  @Inject
  Drafts(Posts posts, Templates templates) {
    this.posts = posts;
    this.templates = templates;
  }

  /** In the transaction that works on the activity, so each makes one draft at most. */
  void follow(@Observes Activity activity) {
    Map<String, String> facts = activity.facts();
    if (worthTelling(activity.event(), facts)) {
      posts.create(
          activity.userId(),
          Text.shorten(
              templates.fill(activity.event() + ".title", facts).replaceAll("\\s+", " "),
              Post.MAX_TITLE),
          Text.shorten(templates.fill(activity.event() + ".body", facts), Post.MAX_BODY),
          activity.deliveryId());
      activity.use();
    }
  }

  private static boolean worthTelling(String event, Map<String, String> facts) {
    return switch (event) {
      case "release" ->
          "published".equals(facts.get("action")) && !"true".equals(facts.get("release.draft"));
      case "pull_request" ->
          "closed".equals(facts.get("action")) && "true".equals(facts.get("pull_request.merged"));
      case "push" ->
          ("refs/heads/" + facts.get("repository.default_branch")).equals(facts.get("ref"))
              && !"true".equals(facts.get("deleted"))
              && !"0".equals(facts.getOrDefault("commits", "0"));
      default -> false;
    };
  }
}
