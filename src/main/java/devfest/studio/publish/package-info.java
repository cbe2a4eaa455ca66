/** Publishing: what publishers send becomes events of the log, in one commit for many requests. */
package devfest.studio.publish;
