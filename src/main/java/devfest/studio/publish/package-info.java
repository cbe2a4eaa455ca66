/** Publishing over HTTP: clients' events are appended to the log, many requests in one commit. */
package devfest.studio.publish;
