/** Facts that no run of this page can measure, each with where it is written. */
export interface Fact {
  readonly source: string;
  readonly address: string;
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
  | "gatewayIdle"
  | "cloudflareIdle"
  | "herokuIdle"
  | "googleIdle"
  | "miniProgram"
  | "reactNative"
  | "answersEnd";

const HTML = "https://html.spec.whatwg.org/multipage/server-sent-events.html";
const NGINX = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";
const RFC6455 = "https://www.rfc-editor.org/rfc/rfc6455";

export const FACTS: Readonly<Record<FactId, Fact>> = {
  textOnly: { source: "WHATWG HTML 9.2: an event stream is UTF-8", address: HTML },
  noHeaders: {
    source: "WHATWG HTML 9.2: EventSource takes only withCredentials",
    address: HTML,
  },
  socketHeaders: {
    source: "WHATWG WebSockets: the constructor takes only an address and subprotocols",
    address: "https://websockets.spec.whatwg.org/",
  },
  frames: { source: "RFC 6455 5.6: text and binary frames, both ways", address: RFC6455 },
  resume: { source: "WHATWG HTML 9.2: Last-Event-ID", address: HTML },
  noResume: { source: "RFC 6455 has no reconnection", address: RFC6455 },
  sixConnections: {
    source: "MDN, EventSource: six connections to a host over HTTP/1.1",
    address: "https://developer.mozilla.org/docs/Web/API/EventSource",
  },
  socketLimit: {
    source: "Chromium’s source: 255 WebSockets to a host (Firefox: 200)",
    address:
      "https://chromium.googlesource.com/chromium/src/+/main/net/socket/client_socket_pool_manager.cc",
  },
  socketOverHttp2: {
    source: "nginx offers no WebSocket over HTTP/2 (RFC 8441)",
    address: "https://www.rfc-editor.org/rfc/rfc8441",
  },
  nginxBuffers: {
    source: "nginx: proxy_buffering is on by default",
    address: `${NGINX}#proxy_buffering`,
  },
  nginxUpgrade: {
    source: "nginx: Upgrade is passed on only where it is configured",
    address: "https://nginx.org/en/docs/http/websocket.html",
  },
  nginxIdle: {
    source: "nginx: proxy_read_timeout is 60 s",
    address: `${NGINX}#proxy_read_timeout`,
  },
  albIdle: {
    source: "AWS Application Load Balancer: idle timeout 60 s",
    address:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  },
  gatewayIdle: {
    source: "API Gateway: 10 min idle, 2 h in all, 32 KB a frame",
    address:
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html",
  },
  cloudflareIdle: {
    source: "Cloudflare: proxy read timeout",
    address: "https://developers.cloudflare.com/fundamentals/reference/connection-limits/",
  },
  herokuIdle: {
    source: "Heroku: 30 s to the first byte, then 55 s",
    address: "https://devcenter.heroku.com/articles/request-timeout",
  },
  googleIdle: {
    source: "Google load balancer: backend service timeout 30 s",
    address: "https://cloud.google.com/load-balancing/docs/backend-service",
  },
  miniProgram: {
    source: "WeChat: wx.request({ enableChunked }), 60 s a request; wx.connectSocket, five at once",
    address: "https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html",
  },
  reactNative: {
    source: "React Native: WebSocket is built in; fetch has no body stream",
    address: "https://reactnative.dev/docs/network",
  },
  answersEnd: {
    source: "RFC 6202: long polling and streaming through intermediaries",
    address: "https://www.rfc-editor.org/rfc/rfc6202",
  },
};
