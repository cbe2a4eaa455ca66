package devfest.studio.log;

/**
 * The kinds of subjects that the log stores: each has a column with an index, so that the events
 * about one thing are found at once. An event about a subject of any other kind can't be appended.
 */
public final class Kinds {

  public static final String PHOTO = "photo";
  public static final String TRANSFORMATION = "transformation";

  private Kinds() {}
}
