package devfest.studio.feeds.posts;

import devfest.studio.base.Text;
import devfest.studio.events.Activity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;

/**
 * Creates drafts of posts from GitHub activity: releases, merged pull requests and pushes to the
 * default branch.
 */
@ApplicationScoped
class Drafts {

  private final Posts posts;
  private final Templates templates;

  @Inject
  Drafts(Posts posts, Templates templates) {
    this.posts = posts;
    this.templates = templates;
  }

  /**
   * Runs in the transaction that processes the activity, so an activity creates at most one draft.
   */
  void create(@Observes Activity activity) {
    Map<String, String> facts = activity.facts();
    if (isNewsworthy(activity.event(), facts)) {
      posts.create(
          activity.userId(),
          Text.shorten(
              templates.fill(activity.event() + ".title", facts).replaceAll("\\s+", " "),
              Post.MAX_TITLE),
          Text.shorten(templates.fill(activity.event() + ".body", facts), Post.MAX_BODY),
          activity.deliveryId());
      activity.markUsed();
    }
  }

  private static boolean isNewsworthy(String event, Map<String, String> facts) {
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
