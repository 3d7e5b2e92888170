#include "core/client/unanswered.h"

namespace playground::client {

std::optional<Request> ask_why(const Page& page, std::string_view server, bool timed_out) {
  // Its own origin a page may read, and reach without a permission. But what gets no answer in time
  // may wait for connections that others have.
  const bool own = page.origin == origin_of(server);
  if (page.origin.empty() || (own && !timed_out)) return std::nullopt;
  Request request;
  request.url.append(server).append("/api/config");
  request.opaque = true;
  request.apart = timed_out;
  return request;
}

Reason why_unanswered(const Page& page, std::string_view server, bool timed_out, bool answered) {
  if (answered && timed_out) return Reason::kNoConnectionLeft;
  if (answered) return page.origin == "null" ? Reason::kPageWithoutOrigin : Reason::kPageNotAllowed;
  const bool denied = page.local_network_denied && page.origin != origin_of(server);
  return denied ? Reason::kLocalNetworkDenied : Reason::kServerNotThere;
}

}  // namespace playground::client
