#include "tests/native_server/support/client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace playground::server {
namespace {

[[noreturn]] void fail(const char* doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string Response::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string request(std::string_view method, std::string_view target, std::string_view headers,
                    std::string_view body) {
  std::string out;
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n");
  out += headers;
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out.append("\r\n").append(body);
}

Client::Client(std::uint16_t port, int receive_buffer)
    : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail("socket");
  const timeval patience{60, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (receive_buffer > 0) {
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
    fail("connect");
  }
}

Client::~Client() {
  if (descriptor_ >= 0) close(descriptor_);
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)),
      ended_(other.ended_),
      chunked_(other.chunked_),
      last_chunk_(other.last_chunk_),
      length_left_(other.length_left_),
      bytes_in_(other.bytes_in_),
      bytes_out_(other.bytes_out_) {}

void Client::send(std::string_view bytes) {
  bytes_out_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::finish_sending() { shutdown(descriptor_, SHUT_WR); }

void Client::fill() {
  std::array<char, 16 * 1024> scratch;
  ssize_t count;
  do {
    count = recv(descriptor_, scratch.data(), scratch.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail("recv");
  bytes_in_ += static_cast<std::uint64_t>(count);
  buffer_.append(scratch.data(), static_cast<std::size_t>(count));
  ended_ = count == 0;
}

std::string Client::take(std::size_t size) {
  std::string taken = buffer_.substr(0, size);
  buffer_.erase(0, taken.size());
  return taken;
}

std::string Client::read(std::size_t size) {
  while (buffer_.size() < size && !ended_) fill();
  return take(size);
}

std::string Client::read_some() {
  if (buffer_.empty() && !ended_) fill();
  return std::exchange(buffer_, {});
}

std::string Client::read_line() {
  std::size_t end;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (ended_) throw std::runtime_error("the connection ended inside a line: " + buffer_);
    fill();
  }
  std::string line = take(end);
  take(2);
  return line;
}

Response Client::read_head() {
  Response response;
  response.status = std::stoi(read_line().substr(9, 3));
  for (std::string line = read_line(); !line.empty(); line = read_line()) {
    const std::size_t colon = line.find(": ");
    response.headers.emplace(lower(line.substr(0, colon)), line.substr(colon + 2));
  }
  chunked_ = response.header("transfer-encoding") == "chunked";
  last_chunk_ = false;
  const std::string length = response.header("content-length");
  const bool empty = response.status / 100 == 1 || response.status == 204 || response.status == 304;
  length_left_ = empty ? 0 : length.empty() ? std::string::npos : std::stoul(length);
  return response;
}

std::string Client::read_body() {
  if (chunked_) {
    if (last_chunk_) return {};
    if (buffer_.empty() && !ended_) fill();
    if (buffer_.empty()) return {};  // the end, out of order
    const std::size_t size = std::stoul(read_line(), nullptr, 16);
    std::string chunk = read(size);
    if (read_line() != "") throw std::runtime_error("a chunk does not end in CR LF");
    last_chunk_ = size == 0;
    return chunk;
  }
  if (length_left_ == 0) return {};
  if (buffer_.empty() && !ended_) fill();
  std::string piece = take(length_left_);
  if (length_left_ != std::string::npos) length_left_ -= piece.size();
  return piece;
}

Response Client::read_response() {
  Response response = read_head();
  for (std::string piece = read_body(); !piece.empty(); piece = read_body()) {
    response.body += piece;
  }
  return response;
}

Response fetch(std::uint16_t port, std::string_view request) {
  Client client(port);
  client.send(request);
  return client.read_response();
}

}  // namespace playground::server
