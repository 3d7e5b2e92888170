/** Facts that no run of this page can measure, each with where it is written and when it was read. */
export interface Fact {
  readonly source: string;
  readonly address: string;
  /** The day on which the address was last found to say so (ISO 8601). */
  readonly read: string;
}

export type FactId =
  | "textOnly"
  | "noHeaders"
  | "socketHeaders"
  | "frames"
  | "resume"
  | "noResume"
  | "sixConnections"
  | "socketLimit"
  | "socketOverHttp2"
  | "nginxBuffers"
  | "nginxUpgrade"
  | "nginxIdle"
  | "albIdle"
  | "gatewayStreams"
  | "gatewayAnswers"
  | "gatewaySockets"
  | "cloudflareIdle"
  | "herokuIdle"
  | "googleLifetime"
  | "miniProgram"
  | "reactNative"
  | "answersEnd";

const HTML = "https://html.spec.whatwg.org/multipage/server-sent-events.html";
const NGINX = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";
const RFC6455 = "https://www.rfc-editor.org/rfc/rfc6455";
const AWS = "https://docs.aws.amazon.com";

export const FACTS: Readonly<Record<FactId, Fact>> = {
  textOnly: {
    source: "WHATWG HTML 9.2: an event stream is UTF-8",
    address: HTML,
    read: "2026-11-24",
  },
  noHeaders: {
    source: "WHATWG HTML 9.2: EventSource takes only withCredentials",
    address: HTML,
    read: "2026-11-24",
  },
  socketHeaders: {
    source: "WHATWG WebSockets: the constructor takes only an address and subprotocols",
    address: "https://websockets.spec.whatwg.org/",
    read: "2026-11-24",
  },
  frames: {
    source: "RFC 6455 5.6: text and binary frames, both ways",
    address: RFC6455,
    read: "2026-11-24",
  },
  resume: { source: "WHATWG HTML 9.2: Last-Event-ID", address: HTML, read: "2026-11-24" },
  noResume: { source: "RFC 6455 has no reconnection", address: RFC6455, read: "2026-11-24" },
  sixConnections: {
    source: "MDN, EventSource: six connections to a host over HTTP/1.1",
    address: "https://developer.mozilla.org/docs/Web/API/EventSource",
    read: "2026-11-29",
  },
  socketLimit: {
    source: "Chromium’s source: 255 WebSockets to a host (Firefox: 200)",
    address:
      "https://chromium.googlesource.com/chromium/src/+/main/net/socket/client_socket_pool_manager.cc",
    read: "2026-11-29",
  },
  socketOverHttp2: {
    source: "nginx passes WebSocket on over HTTP/1.1 alone (RFC 8441 is a proposal there)",
    address: "https://github.com/nginx/nginx/pull/1683",
    read: "2026-11-29",
  },
  nginxBuffers: {
    source: "nginx: proxy_buffering is on by default, X-Accel-Buffering turns it off",
    address: `${NGINX}#proxy_buffering`,
    read: "2026-11-24",
  },
  nginxUpgrade: {
    source: "nginx: Upgrade is passed on only where it is configured",
    address: "https://nginx.org/en/docs/http/websocket.html",
    read: "2026-11-24",
  },
  nginxIdle: {
    source: "nginx: proxy_read_timeout is 60 s",
    address: `${NGINX}#proxy_read_timeout`,
    read: "2026-11-24",
  },
  albIdle: {
    source: "AWS Application Load Balancer: idle timeout 60 s",
    address: `${AWS}/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html`,
    read: "2026-11-29",
  },
  gatewayStreams: {
    source:
      "API Gateway: a response is buffered; streaming can be switched on for REST APIs, 15 min " +
      "at most, 5 min of silence (edge-optimised: 30 s)",
    address: `${AWS}/apigateway/latest/developerguide/response-transfer-mode.html`,
    read: "2026-11-29",
  },
  gatewayAnswers: {
    source: "API Gateway: an integration answers within 29 s unless the quota is raised",
    address:
      "https://aws.amazon.com/about-aws/whats-new/2024/06/amazon-api-gateway-integration-timeout-limit-29-seconds/",
    read: "2026-11-29",
  },
  gatewaySockets: {
    source: "API Gateway, WebSocket APIs: 10 min idle, 2 h in all, 32 KB a frame",
    address: `${AWS}/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html`,
    read: "2026-11-29",
  },
  cloudflareIdle: {
    source: "Cloudflare: proxy read timeout 120 s",
    address: "https://developers.cloudflare.com/fundamentals/reference/connection-limits/",
    read: "2026-11-29",
  },
  herokuIdle: {
    source: "Heroku: 30 s to the first byte, then 55 s",
    address: "https://devcenter.heroku.com/articles/request-timeout",
    read: "2026-11-24",
  },
  googleLifetime: {
    source: "Google load balancer: backend service timeout 30 s",
    address: "https://cloud.google.com/load-balancing/docs/backend-service",
    read: "2026-11-24",
  },
  miniProgram: {
    source: "WeChat: wx.request({ enableChunked }), 60 s a request; wx.connectSocket, five at once",
    address: "https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html",
    read: "2026-11-24",
  },
  reactNative: {
    source: "React Native: WebSocket is built in; fetch has no body stream",
    address: "https://reactnative.dev/docs/network",
    read: "2026-11-24",
  },
  answersEnd: {
    source: "RFC 6202: long polling and streaming through intermediaries",
    address: "https://www.rfc-editor.org/rfc/rfc6202",
    read: "2026-11-24",
  },
};

export type HostId = "own" | "nginx" | "alb" | "gateway" | "cloudflare" | "heroku" | "google";

/** What stands in front of a server does to a connection, as it comes; times in seconds. */
export interface Limits {
  /** After so much silence it is cut. */
  readonly idleS?: number;
  /** After so long it is cut, whatever passes. */
  readonly lifetimeS?: number;
  /** Whether that time can be raised. */
  readonly raisable?: boolean;
  /** An answer is kept until it ends, unless a response’s header or a setting of the host says so. */
  readonly buffersUnless?: { readonly by: "header" | "setting"; readonly fact: FactId };
  /** An Upgrade is passed on only where that is configured. */
  readonly upgradeUnless?: { readonly fact: FactId };
  readonly fact: FactId;
}

export interface Host {
  readonly title: string;
  readonly streams: Limits;
  readonly sockets: Limits;
  /** A request is answered within so many seconds, or the host answers in the server’s place. */
  readonly answers: { readonly withinS: number; readonly fact: FactId };
}

const ALB: Limits = { idleS: 60, fact: "albIdle" };
const CLOUDFLARE: Limits = { idleS: 120, fact: "cloudflareIdle" };
const HEROKU: Limits = { idleS: 55, fact: "herokuIdle" };
const GOOGLE: Limits = { lifetimeS: 30, raisable: true, fact: "googleLifetime" };

/** By what stands in front of the server; null where nothing does. */
export const HOSTS: Readonly<Record<HostId, Host | null>> = {
  own: null,
  nginx: {
    title: "nginx as it comes (60 s)",
    streams: {
      idleS: 60,
      buffersUnless: { by: "header", fact: "nginxBuffers" },
      fact: "nginxIdle",
    },
    sockets: { idleS: 60, upgradeUnless: { fact: "nginxUpgrade" }, fact: "nginxIdle" },
    answers: { withinS: 60, fact: "nginxIdle" },
  },
  alb: {
    title: "AWS load balancer (60 s)",
    streams: ALB,
    sockets: ALB,
    answers: { withinS: 60, fact: "albIdle" },
  },
  gateway: {
    title: "AWS API Gateway (15 min; WebSocket 2 h)",
    streams: {
      idleS: 30,
      lifetimeS: 900,
      buffersUnless: { by: "setting", fact: "gatewayStreams" },
      fact: "gatewayStreams",
    },
    sockets: { idleS: 600, lifetimeS: 7200, fact: "gatewaySockets" },
    answers: { withinS: 29, fact: "gatewayAnswers" },
  },
  cloudflare: {
    title: "Cloudflare (120 s)",
    streams: CLOUDFLARE,
    sockets: CLOUDFLARE,
    answers: { withinS: 120, fact: "cloudflareIdle" },
  },
  heroku: {
    title: "Heroku (55 s)",
    streams: HEROKU,
    sockets: HEROKU,
    answers: { withinS: 30, fact: "herokuIdle" },
  },
  google: {
    title: "Google load balancer (30 s)",
    streams: GOOGLE,
    sockets: GOOGLE,
    answers: { withinS: 30, fact: "googleLifetime" },
  },
};
