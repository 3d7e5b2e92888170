// The lines of configuration that mend what a check has found, each as the software's own
// documentation gives it. A `-` says that it needs none, or has none.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "core/check/words.h"
#include "core/field_text.h"

namespace playground::check {

namespace {

enum class Ill : std::uint8_t {
  kHolds,
  kDelays,
  kCutsSilence,
  kNoUpgrade,
  kCompresses,
  kCaches,
  kBody,
  kField,
  kHttp10
};

struct Line {
  Ill ill;
  Software software;
  std::string_view code;
  std::string_view text;
};

constexpr Line kLines[] = {
    {Ill::kHolds, Software::kNginx, "proxy_buffering off;", "in the location of the stream"},
    {Ill::kHolds, Software::kHaproxy, "no option http-buffer-request",
     "and no filter that needs the whole answer, such as compression"},
    {Ill::kHolds, Software::kApache, "ProxyPass /app http://app:8080 flushpackets=on",
     "and no mod_deflate for text/event-stream"},
    {Ill::kHolds, Software::kCaddy, "reverse_proxy app:8080 { flush_interval -1 }",
     "and no `encode` for the stream"},
    {Ill::kHolds, Software::kVarnish, "set beresp.do_stream = true; set beresp.do_gzip = false;",
     "in vcl_backend_response, for the stream"},
    {Ill::kHolds, Software::kSquid, "adaptation_access all deny",
     "for the stream: what inspects contents holds them"},
    {Ill::kHolds, Software::kIis, "responseBufferLimit=\"0\"",
     "in the <proxy> element of Application Request Routing, and no dynamic compression"},
    {Ill::kHolds, Software::kCloudflare, "Cache-Control: no-transform",
     "from the application; and no Worker or WAF rule that reads the whole answer"},
    {Ill::kDelays, Software::kHaproxy, "option http-no-delay", "in the frontend and the backend"},
    {Ill::kDelays, Software::kNginx, "tcp_nodelay on;", ""},
    {Ill::kCutsSilence, Software::kNginx, "proxy_read_timeout 3600s;",
     "in the location of the stream"},
    {Ill::kCutsSilence, Software::kHaproxy,
     "timeout tunnel 1h\ntimeout server 1h\ntimeout client 1h",
     "`tunnel` is for WebSocket, the others are for streams and held polls"},
    {Ill::kCutsSilence, Software::kApache, "ProxyPass /app http://app:8080 timeout=3600",
     "or `ProxyTimeout 3600` for all"},
    {Ill::kCutsSilence, Software::kCaddy, "servers { timeouts { idle 1h } }",
     "among the global options; nothing is cut where none is set"},
    {Ill::kCutsSilence, Software::kVarnish,
     ".first_byte_timeout = 3600s; .between_bytes_timeout = 3600s;",
     "in the backend; for WebSocket start varnishd with `-p pipe_timeout=3600`"},
    {Ill::kCutsSilence, Software::kSquid, "read_timeout 1 hour", "in squid.conf"},
    {Ill::kCutsSilence, Software::kIis, "timeout=\"01:00:00\"",
     "in the <proxy> element of Application Request Routing"},
    {Ill::kCutsSilence, Software::kCloudflare, "",
     "waits 120 s for each byte, and only Enterprise can change it: send something sooner"},
    {Ill::kCutsSilence, Software::kAlb, "idle_timeout.timeout_seconds = 4000",
     "among the load balancer's attributes; 60 is the default"},
    {Ill::kNoUpgrade, Software::kNginx,
     "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\n"
     "proxy_set_header Connection \"upgrade\";",
     "in the location of the WebSocket"},
    {Ill::kNoUpgrade, Software::kHaproxy, "mode http",
     "passes an Upgrade by itself; look for rules that delete the field"},
    {Ill::kNoUpgrade, Software::kApache, "ProxyPass /app http://app:8080 upgrade=websocket",
     "from 2.4.47 on; before that mod_proxy_wstunnel and a `ws://` address"},
    {Ill::kNoUpgrade, Software::kCaddy, "reverse_proxy app:8080",
     "passes an Upgrade by itself; look for a `header_up -Upgrade`"},
    {Ill::kNoUpgrade, Software::kVarnish,
     "sub vcl_recv { if (req.http.Upgrade ~ \"(?i)websocket\") { return (pipe); } }\n"
     "sub vcl_pipe { if (req.http.Upgrade) { set bereq.http.Upgrade = req.http.Upgrade; "
     "set bereq.http.Connection = req.http.Connection; } }",
     ""},
    {Ill::kNoUpgrade, Software::kSquid, "",
     "as a forward proxy passes a WebSocket through CONNECT only: use wss:"},
    {Ill::kNoUpgrade, Software::kIis, "Install-WindowsFeature Web-WebSockets", ""},
    {Ill::kNoUpgrade, Software::kCloudflare, "", "switch WebSockets on under Network"},
    {Ill::kCompresses, Software::kNginx, "gzip off;", "in the location of the stream"},
    {Ill::kCompresses, Software::kApache, "SetEnvIf Request_URI ^/app no-gzip=1", ""},
    {Ill::kCompresses, Software::kCaddy, "@rest not path /app/*\nencode @rest gzip", ""},
    {Ill::kCompresses, Software::kVarnish, "set beresp.do_gzip = false;",
     "in vcl_backend_response"},
    {Ill::kCompresses, Software::kHaproxy, "compression type text/html text/css",
     "that is, without the stream's type"},
    {Ill::kCaches, Software::kNginx, "proxy_cache off;", "in the location of the poll"},
    {Ill::kCaches, Software::kApache, "CacheDisable /app", ""},
    {Ill::kCaches, Software::kVarnish, "return (pass);", "in vcl_recv, for the poll"},
    {Ill::kCaches, Software::kSquid, "cache deny all", "or an acl of the poll's path"},
    {Ill::kBody, Software::kNginx, "client_max_body_size 16m;", ""},
    {Ill::kBody, Software::kApache, "LimitRequestBody 16777216", ""},
    {Ill::kField, Software::kNginx, "large_client_header_buffers 4 32k;", ""},
    {Ill::kField, Software::kHaproxy, "tune.bufsize 32768", "in `global`"},
    {Ill::kField, Software::kApache, "LimitRequestFieldSize 32768", ""},
    {Ill::kField, Software::kVarnish, "-p http_req_hdr_len=32k -p http_req_size=64k",
     "when varnishd is started"},
    {Ill::kField, Software::kSquid, "request_header_max_size 64 KB", ""},
    {Ill::kHttp10, Software::kNginx, "proxy_http_version 1.1;", ""},
};

struct Known {
  Software software;
  std::string_view title;
  std::string_view mark;  // in Server or Via, in lower case
};
constexpr std::array<Known, kSoftwareCount> kKnown{{
    {Software::kNginx, "nginx", "nginx"},
    {Software::kHaproxy, "HAProxy", "haproxy"},
    {Software::kApache, "Apache httpd", "apache"},
    {Software::kCaddy, "Caddy", "caddy"},
    {Software::kVarnish, "Varnish", "varnish"},
    {Software::kSquid, "Squid", "squid"},
    {Software::kIis, "IIS", "microsoft-iis"},
    {Software::kCloudflare, "Cloudflare", "cloudflare"},
    {Software::kAlb, "AWS load balancer", "awselb"},
}};

std::optional<Ill> ill_of(const Finding& finding) {
  switch (finding.code) {
    case Code::kHeld:
    case Code::kHeldByType:
      return Ill::kHolds;
    case Code::kDelayed:
      return Ill::kDelays;
    case Code::kSilenceCut:
    case Code::kSilenceDropped:
      return Ill::kCutsSilence;
    case Code::kFails:
      if (finding.how == How::kNotUpgraded) return Ill::kNoUpgrade;
      return finding.transport && info(*finding.transport).upgrades()
                 ? std::optional(Ill::kNoUpgrade)
                 : std::nullopt;
    case Code::kCompressed:
      return Ill::kCompresses;
    case Code::kCached:
      return Ill::kCaches;
    case Code::kVersionLowered:
    case Code::kEndDisguised:
      return Ill::kHttp10;
    case Code::kDoesNotFit:
      if (finding.what == "a header field") return Ill::kField;
      return finding.what == "a request's body" ? std::optional(Ill::kBody) : std::nullopt;
    default:
      return std::nullopt;
  }
}

void add_own(const Finding& finding, std::vector<Remedy>& out) {
  const auto application = [&](std::string text, std::string code = {}, bool tried = false) {
    out.push_back({Who::kApplication, {}, std::move(text), std::move(code), tried});
  };
  const auto reader = [&](std::string text) {
    out.push_back({Who::kReader, {}, std::move(text), {}, false});
  };
  switch (finding.code) {
    case Code::kHeld:
      if (finding.plain_only) {
        application("lets it through here",
                    "X-Accel-Buffering: no\nCache-Control: no-cache, no-transform",
                    /*tried=*/true);
      } else if (info(*finding.transport).streams()) {
        application("fall back to WebSocket or long polling when a second passes without a record");
      }
      if (finding.bytes > 0) {
        application("begin each stream with " + bytes_text(finding.bytes) +
                    " of comment, where the buffer empties only when it is full");
      }
      break;
    case Code::kSilenceCut:
    case Code::kSilenceDropped: {
      const bool polls = finding.transport && info(*finding.transport).polls();
      application((polls ? "answer a held poll within " : "send something every ") +
                  seconds_text(safe_silence(finding.duration)));
      break;
    }
    case Code::kFails:
      if (finding.transport && info(*finding.transport).upgrades()) {
        application("fall back to SSE or long polling");
        out.push_back({Who::kReader,
                       {},
                       "try https: what is encrypted is seldom changed on the way",
                       {},
                       false});
      }
      break;
    case Code::kPoisons:
      application("begin with SSE or long polling, and try a WebSocket later if at all");
      break;
    case Code::kCached:
      application("says that no answer may be kept", "Cache-Control: no-store", true);
      break;
    case Code::kCompressed:
      if (finding.plain_only) {
        application("keeps it as it is", "Cache-Control: no-transform", true);
      }
      break;
    case Code::kBeatUseless:
      application("use another kind of heartbeat, or reconnect at once when the stream ends");
      break;
    case Code::kCookieChanged:
    case Code::kCookieDropped:
      if (finding.code == Code::kCookieDropped && finding.what.empty()) {
        reader("allow cookies for this address, if the browser does not");
      }
      application("know a reader by a token in the address, where there is no cookie");
      break;
    case Code::kFieldDropped:
      if (finding.what == "Last-Event-ID") {
        application("name the last event in the address as well, where the server reads it there");
      }
      break;
    default:
      break;
  }
}

}  // namespace

std::string_view title(Software software) {
  return kKnown[static_cast<std::size_t>(software)].title;
}

std::vector<Software> software(std::span<const std::string> between) {
  std::vector<Software> found;
  for (const std::string& each : between) {
    std::string lower = each;
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    for (const Known& known : kKnown) {
      if (lower.find(known.mark) == lower.npos) continue;
      if (std::find(found.begin(), found.end(), known.software) == found.end())
        found.push_back(known.software);
    }
  }
  return found;
}

std::vector<Remedy> remedies(const Finding& finding, std::span<const Software> known) {
  std::vector<Remedy> out;
  add_own(finding, out);
  const auto ill = ill_of(finding);
  if (!ill || finding.severity == Severity::kGood) return out;
  const auto add_lines = [&](bool of_known) {
    for (const Line& line : kLines) {
      const bool is_known = std::find(known.begin(), known.end(), line.software) != known.end();
      if (line.ill != *ill || (of_known && !is_known)) continue;
      out.push_back({Who::kOperator, title(line.software), std::string(line.text),
                     std::string(line.code), false});
    }
  };
  const std::size_t before = out.size();
  add_lines(true);
  if (out.size() == before) add_lines(false);
  return out;
}

}  // namespace playground::check
