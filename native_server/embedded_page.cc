#include "native_server/embedded_page.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/server/api_text.h"
#include "native_server/files.h"

namespace playground::server {
namespace {

constexpr std::string_view kFormat = "playground page 1";
constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kNoPage =
    "there is nothing at /: this server was built without the page; build it with `make build`, or "
    "name the page's folder with --web";

// What an ETag has after the hash: each coding is a representation of its own (RFC 9110 8.8.3.3).
constexpr std::array<std::string_view, kCodingCount> kTagEnds{"", "-br", "-gzip"};
constexpr std::array<std::string_view, kCodingCount> kCodingNames{"identity", "br", "gzip"};

// Up to `end`, which is taken off as well.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == text.npos) throw std::runtime_error("the page in this program is damaged");
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at + 1);
  return part;
}

// RFC 9110 12.4.2. Of a weight that is none, what it belongs to is not wanted.
double weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view each = trimmed(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (each.size() < 2 || to_lower(each[0]) != 'q' || each[1] != '=') continue;
    const auto number = parse_decimal(each.substr(2));
    return number && *number <= 1 ? *number : 0;
  }
  return 1;
}

// How much the client wants a coding; nothing where it does not speak of it.
std::optional<double> wanted(const Request& request, std::string_view coding) {
  std::optional<double> named;
  std::optional<double> any;
  any_field(request.fields, "Accept-Encoding", [&](std::string_view list) {
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(','), list.size());
      const std::string_view member = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      const std::size_t semicolon = std::min(member.find(';'), member.size());
      std::string_view name = trimmed(member.substr(0, semicolon));
      if (equals_ignoring_case(name, "x-gzip")) name.remove_prefix(2);  // RFC 9110 8.4.1.3
      auto& found = name == "*" ? any : named;
      if (name == "*" || equals_ignoring_case(name, coding))
        found = weight(member.substr(semicolon));
    }
    return false;
  });
  return named ? named : any;
}

// RFC 9110 13.1.2: a weak tag of the same bytes counts too.
bool has_already(const Request& request, std::string_view tag) {
  return any_field(request.fields, "If-None-Match", [&](std::string_view list) {
    return list == "*" || list_has(list, tag) || list_has(list, "W/" + std::string(tag));
  });
}

std::string_view type_of(std::string_view path) {
  const std::string_view extension = path.substr(path.rfind('.') + 1);
  for (const auto& [each, type] : kFileTypes) {
    if (each == extension) return type;
  }
  return kUnknownType;
}

}  // namespace

Coding choose_coding(const Request& request, bool has_brotli, bool has_gzip) {
  Coding best = Coding::kIdentity;
  double most = wanted(request, "identity").value_or(0);
  const auto offer = [&](Coding coding) {
    const double much = wanted(request, kCodingNames[static_cast<std::size_t>(coding)]).value_or(0);
    if (much == 0 || much < most || (much == most && best != Coding::kIdentity)) return;
    best = coding;
    most = much;
  };
  if (has_brotli) offer(Coding::kBrotli);
  if (has_gzip) offer(Coding::kGzip);
  return best;
}

EmbeddedPage::EmbeddedPage(std::string_view archive) {
  if (archive.empty()) return;
  const auto damaged = [] { throw std::runtime_error("the page in this program is damaged"); };
  if (take_until(archive, '\n') != kFormat) damaged();
  std::vector<std::pair<File*, std::array<std::size_t, kCodingCount>>> sizes;
  while (true) {
    std::string_view line = take_until(archive, '\n');
    if (line.empty()) break;
    File& file = files_["/" + std::string(take_until(line, '\t'))];
    file.hash = take_until(line, '\t');
    file.kept = take_until(line, '\t') == "kept";
    auto& each = sizes.emplace_back(&file, std::array<std::size_t, kCodingCount>{}).second;
    for (std::size_t i = 0; i < kCodingCount; ++i) {
      const bool last = i + 1 == kCodingCount;
      const auto size = parse_whole<std::size_t>(last ? line : take_until(line, '\t'));
      if (!size) damaged();
      each[i] = *size;
    }
  }
  for (const auto& [file, each] : sizes) {
    for (std::size_t i = 0; i < kCodingCount; ++i) {
      if (each[i] > archive.size()) damaged();
      file->bodies[i] = archive.substr(0, each[i]);
      archive.remove_prefix(each[i]);
    }
  }
}

std::optional<Reply> EmbeddedPage::answer(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  Reply reply;
  if (files_.empty() && request.path == "/") {
    refuse(reply, 404, kNoPage);
    return reply;
  }
  std::string path = request.target.starts_with('/') ? request.path : "/" + request.path;
  if (path.ends_with('/')) path += kIndex;
  const auto found = files_.find(path);
  if (found == files_.end()) {
    if (!files_.contains(path.append("/").append(kIndex))) return std::nullopt;
    // Relative, so that it holds behind a proxy that serves this under a prefix.
    const std::size_t query = std::min(request.target.find_first_of("?#"), request.target.size());
    const std::string_view before = request.target.substr(0, query);
    reply.status = 301;
    reply.add_field("Location", "./" + std::string(before.substr(before.rfind('/') + 1)) + "/" +
                                    std::string(request.target.substr(query)));
    reply.type = "text/plain";
    return reply;
  }

  const File& file = found->second;
  const auto has = [&](Coding coding) {
    return !file.bodies[static_cast<std::size_t>(coding)].empty();
  };
  const Coding coding = choose_coding(request, has(Coding::kBrotli), has(Coding::kGzip));
  const auto index = static_cast<std::size_t>(coding);
  const std::string tag = "\"" + std::string(file.hash).append(kTagEnds[index]) + "\"";
  reply.add_field("ETag", tag);
  reply.add_field("Cache-Control",
                  file.kept ? "public, max-age=31536000, immutable" : kAskedEachTime);
  reply.add_field("Vary", "Accept-Encoding");
  for (const auto& [name, value] : kFileFields) {
    if (name == "Content-Security-Policy" && path == kFramedPage) continue;
    reply.add_field(name, value);
  }
  if (has_already(request, tag)) {
    reply.status = 304;
    return reply;
  }
  if (coding != Coding::kIdentity) reply.add_field("Content-Encoding", kCodingNames[index]);
  reply.type = type_of(path);
  reply.body = file.bodies[index];
  return reply;
}

}  // namespace playground::server
