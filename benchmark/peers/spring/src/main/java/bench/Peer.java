package bench;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Peer: Spring MVC's SseEmitter, used as its documentation shows it. */
@SpringBootApplication
@RestController
public class Peer {

    private final Set<SseEmitter> emitters = ConcurrentHashMap.newKeySet();
    private final AtomicLong position = new AtomicLong();

    public static void main(String[] args) {
        SpringApplication.run(Peer.class, args);
    }

    @GetMapping(path = "/sub", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    public SseEmitter subscribe() throws IOException {
        SseEmitter emitter = new SseEmitter(0L);
        emitter.onCompletion(() -> emitters.remove(emitter));
        emitter.onError(e -> emitters.remove(emitter));
        emitter.send(SseEmitter.event().comment("connected"));
        emitters.add(emitter);
        return emitter;
    }

    /** Publishes one event for each line. */
    @PostMapping(path = "/pub", consumes = MediaType.TEXT_PLAIN_VALUE)
    public void publish(@RequestBody String lines) {
        lines.lines().filter(line -> !line.isEmpty()).forEach(line -> {
            String id = Long.toString(position.incrementAndGet());
            for (SseEmitter emitter : emitters) {
                try {
                    emitter.send(SseEmitter.event().id(id).name("bench").data(line));
                } catch (IOException | IllegalStateException e) {
                    emitters.remove(emitter);
                }
            }
        });
    }

    @GetMapping("/health")
    public void health() {}
}
