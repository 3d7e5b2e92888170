// A request to the server, whoever has read it off a wire (RFC 9110 6, RFC 9112 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/field_text.h"

namespace playground::server {

// What a request had to wait for before it could be answered (Reply::later), and what came of it.
enum class Waited : std::uint8_t {
  kNot,     // it comes for the first time
  kDone,    // what was to be found out is known now
  kInVain,  // it could not be found out
};

// Its views live while the request is being answered.
struct Request {
  std::string_view method;
  std::string_view target;  // the path, and perhaps a query
  bool is_1_1 = true;       // HTTP/1.1; otherwise 1.0
  std::string_view fields;  // whole lines
  // The name_bit() of each of them; all bits where nobody has looked.
  std::uint64_t field_names = ~std::uint64_t{0};
  std::string_view body = {};
  // Whom the limits per address count the request for: some bytes that tell clients apart.
  std::string_view client = {};
  std::string path = {};  // decoded_path() of the target
  // Of a target that was sent with scheme and authority (RFC 9112 3.2.2); empty otherwise.
  std::string_view authority = {};
  Waited waited = Waited::kNot;
  // What a trusted proxy was asked for, by what it says; empty where none says so.
  std::string_view asked_host = {};
  std::string_view asked_scheme = {};  // http or https

  // Whom it was sent to. Such an authority stands above the field Host.
  std::string_view sent_host() const { return authority.empty() ? field("Host") : authority; }
  // Whom it was sent to in the first place, as far as that is known.
  std::string_view host() const { return asked_host.empty() ? sent_host() : asked_host; }

  // The first parameter of that name in the target's query, percent-decoded, where `+` is a space.
  std::optional<std::string> parameter(std::string_view name) const;

  // The first field of that name; empty where there is none.
  std::string_view field(std::string_view name) const;
  std::size_t count_fields(std::string_view name) const;
  // Whether a field that is a list (RFC 9110 5.6.1) has this member.
  bool field_has(std::string_view name, std::string_view member) const;
  // Whether a proxy on the way says that it has passed the request on: in Via (RFC 9110 7.6.3),
  // Forwarded (RFC 7239) or a field X-Forwarded-…. One that says nothing is not seen.
  bool passed_proxy() const;

 private:
  bool may_have(std::string_view name) const { return (field_names & name_bit(name)) != 0; }
};

// A target's path, percent-decoded (RFC 3986 2.1). What is not an encoding stays as it is.
std::string decoded_path(std::string_view target);

}  // namespace playground::server
