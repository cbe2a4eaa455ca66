/**
 * The audit trail: who did what, from where, with which outcome. Every record is made by {@link
 * devfest.studio.audit.Audit}: a line in the log and a row.
 */
@NullMarked
package devfest.studio.audit;

import org.jspecify.annotations.NullMarked;
