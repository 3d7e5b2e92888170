vcl 4.1;

# Everything comes through: event streams and NDJSON as they are sent, WebSocket, polls. For WebSocket
# start varnishd with `-p pipe_timeout=3600`: 60 s of silence end a pipe otherwise.

backend playground {
    .host = "127.0.0.1";
    .port = "8088";
    # Longer than the longest silence; both are 60 s otherwise.
    .first_byte_timeout = 3600s;
    .between_bytes_timeout = 3600s;
}

sub vcl_recv {
    # A WebSocket leaves HTTP: from here on bytes are passed both ways.
    if (req.http.Upgrade ~ "(?i)websocket") {
        return (pipe);
    }
    # What the server says is new each time. Without this, an answer that says nothing of caches is kept
    # for two minutes, and the next poll gets it again.
    if (req.url ~ "^/api/") {
        return (pass);
    }
}

sub vcl_pipe {
    if (req.http.Upgrade) {
        set bereq.http.Upgrade = req.http.Upgrade;
        set bereq.http.Connection = req.http.Connection;
    }
}

sub vcl_backend_response {
    # As it comes, not as a whole, and not compressed.
    set beresp.do_stream = true;
    if (bereq.url ~ "^/api/") {
        set beresp.do_gzip = false;
    }
}
