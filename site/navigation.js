// The navigation of the site: its sections, each with its pages in the order in which they are read.

const page = (file, title) => ({ file, title });

export const navigation = [
  {
    title: "DevFest Studio",
    pages: [
      page("README.md", "Overview"),
      page("docs/glossary.md", "Glossary"),
      page("CHANGELOG.md", "Changelog"),
    ],
  },
  {
    title: "Integrate",
    pages: [
      page("docs/integrate.md", "The API"),
      page("docs/integrate/README.md", "Guides"),
      page("docs/integrate/curl.md", "curl"),
      page("docs/integrate/javascript.md", "JavaScript"),
      page("docs/integrate/websocket.md", "WebSocket"),
      page("docs/integrate/react.md", "React"),
      page("docs/integrate/vue.md", "Vue"),
      page("docs/integrate/react-native.md", "React Native"),
      page("docs/integrate/node.md", "Node.js"),
      page("docs/integrate/python.md", "Python"),
      page("docs/integrate/java.md", "Java"),
      page("docs/integrate/webhooks.md", "Receive webhooks"),
      page("docs/integrate/quarkus.md", "Quarkus"),
      page("docs/integrate/spring.md", "Spring"),
      page("docs/integrate/kotlin.md", "Kotlin"),
      page("docs/integrate/swift.md", "Swift"),
      page("docs/integrate/flutter.md", "Flutter"),
      page("docs/integrate/go.md", "Go"),
    ],
  },
  {
    title: "Operate",
    pages: [
      page("docs/operate.md", "All tasks"),
      page("docs/operate/install.md", "Install"),
      page("docs/operate/settings.md", "Settings"),
      page("docs/operate/tokens.md", "Tokens"),
      page("docs/operate/sign-in.md", "Sign-in"),
      page("docs/operate/proxies.md", "Behind a proxy"),
      page("docs/operate/browsers-and-files.md", "Browsers, hosts and files"),
      page("docs/operate/database.md", "PostgreSQL"),
      page("docs/operate/files.md", "Files in a bucket"),
      page("docs/operate/several-nodes.md", "Several nodes"),
      page("docs/operate/capacity.md", "Limits and cost"),
      page("docs/operate/event-day.md", "The day of the event"),
      page("docs/operate/users.md", "Revoke, erase, audit"),
      page("docs/operate/posts.md", "GitHub, posts, other systems"),
      page("docs/operate/monitoring.md", "Monitoring"),
      page("docs/operate/tracing.md", "Traces"),
      page("docs/operate/backup.md", "Backup and restore"),
      page("docs/operate/restart.md", "Start, stop, upgrade"),
      page("docs/operate/outages.md", "Outages"),
      page("docs/operate/troubleshooting.md", "Troubleshooting"),
      page("operations/README.md", "Scripts, alerts, dashboard"),
      page("payara-config/README.md", "Payara's configuration"),
      page("wildfly-config/README.md", "WildFly's configuration"),
    ],
  },
  {
    title: "Understand",
    pages: [
      page("docs/architecture.md", "Architecture"),
      page("docs/decisions/README.md", "Decisions"),
      page("docs/performance.md", "Performance"),
      page("benchmark/README.md", "Benchmarks"),
    ],
  },
  {
    title: "Security",
    pages: [
      page("docs/security.md", "Attacks and defences"),
      page("docs/asvs.md", "OWASP ASVS 5.0"),
      page("SECURITY.md", "Report a vulnerability"),
    ],
  },
  {
    title: "Contribute",
    pages: [page("CONTRIBUTING.md", "Set up, build, recipes")],
  },
];
