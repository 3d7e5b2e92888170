// A blocking HTTP client over a real socket, plain enough to be trusted: it counts every byte, and
// throws when nothing comes for a minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace playground::server {

struct Response {
  int status = 0;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  // Empty where there is none.
  std::string header(const std::string& name) const;
};

// A whole HTTP/1.1 request. `headers` are whole lines with their ends; a body gets its
// Content-Length.
std::string request(std::string_view method, std::string_view target, std::string_view headers = {},
                    std::string_view body = {});

class Client {
 public:
  // `receive_buffer`: bytes the kernel keeps for a reader who does not read; 0 is its default.
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  void send(std::string_view bytes);
  void finish_sending();

  // The head of the next response, and the whole of it.
  Response read_head();
  Response read_response();

  // A piece of the body that read_head() announced, chunks taken apart: whatever has come. Empty
  // at the end of the body.
  std::string read_body();

  // Exactly `size` bytes, or as many as there are before the end.
  std::string read(std::size_t size);

  // Whatever has come; empty at the end of the connection.
  std::string read_some();

  // Whether the peer has ended the connection (waits for it); a reset does not count.
  bool at_end() { return buffer_.empty() && read_some().empty(); }

  // Whether the body ended with the last chunk.
  bool body_ended_in_order() const { return last_chunk_; }

  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }
  int descriptor() const { return descriptor_; }

 private:
  void fill();
  std::string take(std::size_t size);
  std::string read_line();

  int descriptor_;
  std::string buffer_;  // read and not taken yet
  bool ended_ = false;
  bool chunked_ = false;
  bool last_chunk_ = false;
  std::size_t length_left_ = 0;  // of the body, or std::string::npos: to the end
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

// Sends one request over a connection of its own and reads the whole response.
Response fetch(std::uint16_t port, std::string_view request);

}  // namespace playground::server
