package devfest.studio.transformations;

/**
 * A claimed transformation, as its worker knows it.
 *
 * @param claim what the worker shows to move the job on
 */
record Job(String id, String photoId, String styleId, String claim) {}
